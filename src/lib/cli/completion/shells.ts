/** Shells a script is there for. */
export const SHELLS = ['bash', 'zsh', 'fish', 'powershell'] as const;

export type Shell = (typeof SHELLS)[number];

/** File of each script in `completions/`, by the name its shell looks for. */
export const SCRIPT_FILES: Readonly<Record<Shell, string>> = {
  bash: 'truenas-monitor.bash',
  zsh: '_truenas-monitor',
  fish: 'truenas-monitor.fish',
  powershell: 'truenas-monitor.ps1',
};
