/** Where the page of a rule lies: in the package, in the executable's archive, and in the repository. */
export function rulePage(id: string): string {
  return `docs/rules/${id}.md`;
}
