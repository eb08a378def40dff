/** The look of the page: readable on any screen, light or dark as the reader likes it. */
export const DOCS_STYLE = `
:root { color-scheme: light dark; --line: light-dark(#d5d9de, #3a4048); --quiet: light-dark(#56606b, #a3adb8); --link: light-dark(#0b57b0, #84b9ff); --code: light-dark(#f1f3f5, #23282e); --get: light-dark(#0d6b3f, #6fd6a0); --change: light-dark(#8a4b00, #ffc078); }
* { box-sizing: border-box; }
body { margin: 0; font: 16px/1.5 system-ui, sans-serif; color: light-dark(#16191d, #e8eaed); background: light-dark(#fff, #15181c); display: grid; grid-template-columns: minmax(15rem, 20rem) minmax(0, 1fr); }
a { color: var(--link); }
nav { border-right: 1px solid var(--line); padding: 1rem; height: 100vh; overflow: auto; position: sticky; top: 0; font-size: .875rem; }
nav h2 { font-size: .875rem; margin: 1rem 0 .25rem; }
nav ul { list-style: none; margin: 0; padding: 0; }
nav li a { display: block; padding: .15rem 0; text-decoration: none; overflow-wrap: anywhere; }
nav a:hover, nav a:focus-visible { text-decoration: underline; }
.title { font-weight: 700; margin: 0; }
main { padding: 1.5rem 2rem 4rem; max-width: 68rem; }
h1 { margin-top: 0; }
section { margin-top: 2.5rem; }
article { border-top: 1px solid var(--line); padding: .5rem 0 1rem; scroll-margin-top: 1rem; }
article h3 { overflow-wrap: anywhere; }
.method { font: 700 .75rem/1 ui-monospace, monospace; color: var(--change); }
.method.get { color: var(--get); }
code { font-family: ui-monospace, monospace; font-size: .9em; background: var(--code); border-radius: 3px; padding: .05em .3em; overflow-wrap: anywhere; }
.kind { color: var(--quiet); font-style: italic; }
.optional, .about { color: var(--quiet); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
td:first-child code { white-space: nowrap; overflow-wrap: normal; }
th, td { text-align: left; vertical-align: top; padding: .35rem .6rem .35rem 0; border-bottom: 1px solid var(--line); }
.members { list-style: none; margin: .25rem 0; padding-left: 1rem; border-left: 1px solid var(--line); }
.members li { margin: .2rem 0; }
.answer p { margin: .4rem 0; }
summary { cursor: pointer; }
@media (max-width: 50rem) { body { display: block; } nav { height: auto; position: static; border-right: 0; border-bottom: 1px solid var(--line); } main { padding: 1rem; } }
@media print { nav { display: none; } body { display: block; } }
`;
