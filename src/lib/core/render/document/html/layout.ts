/** What a page looks like on a screen of any size. */
export const LAYOUT = `*, *::before, *::after { box-sizing: border-box; }
html { font: 100%/1.55 system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', sans-serif; background: var(--bg); color: var(--ink); -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body { margin: 0; overflow-wrap: break-word; }
a { color: var(--accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.skip { position: absolute; left: -100vw; top: 0; padding: 0.5rem 1rem; background: var(--surface); }
.skip:focus { left: 0; z-index: 1; }
.page { max-width: 64rem; margin: 0 auto; padding: 2.5rem 1.25rem 3rem; }
h1, h2, h3, h4 { line-height: 1.25; text-wrap: balance; overflow-wrap: anywhere; }
h1 { margin: 0; font-size: 2rem; letter-spacing: -0.01em; }
h2 { margin: 0 0 1.25rem; padding-bottom: 0.5rem; border-bottom: 1px solid var(--line); font-size: 1.5rem; letter-spacing: -0.005em; }
h3 { margin: 2.25rem 0 0.75rem; font-size: 1.15rem; }
p { margin: 0 0 1rem; max-width: 46rem; }
ul, ol { margin: 0 0 1rem; padding-left: 1.5rem; }
li { margin: 0.2rem 0; max-width: 46rem; overflow-wrap: anywhere; }
.subtitle { margin: 0.35rem 0 1.25rem; color: var(--muted); font-size: 1.1rem; }
section { margin-top: 3.5rem; scroll-margin-top: 1rem; }
dl, dd { margin: 0; }
dt { color: var(--muted); }
dd { overflow-wrap: anywhere; }
.facts { display: flex; flex-wrap: wrap; gap: 0.6rem 2.25rem; margin-bottom: 1rem; }
.facts > div { min-width: 0; }
.facts dt { font-size: 0.8rem; }
nav { margin-top: 2rem; padding: 1rem 1.25rem; border: 1px solid var(--line); border-radius: 0.5rem; background: var(--surface); }
nav h2 { margin: 0 0 0.5rem; padding: 0; border: 0; font-size: 1rem; letter-spacing: 0; }
nav > ol { columns: 15rem; column-gap: 2rem; }
nav > ol > li { break-inside: avoid; }
nav ol { margin: 0; padding: 0; list-style: none; }
nav li { margin: 0; max-width: none; }
nav a { display: inline-block; padding: 0.15rem 0; text-decoration: none; }
nav a:hover { text-decoration: underline; }
nav ol ol { padding-left: 1.25rem; font-size: 0.9rem; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 12.5rem), 1fr)); gap: 0.75rem; margin-bottom: 1.5rem; }
.figure { padding: 0.85rem 1rem; border: 1px solid var(--line); border-top: 3px solid var(--neutral); border-radius: 0.4rem; background: var(--surface); }
.figure dt { display: flex; flex-wrap: wrap; gap: 0.25rem 0.5rem; justify-content: space-between; align-items: baseline; font-size: 0.85rem; }
.figure .value { margin: 0.2rem 0; font-size: 1.6rem; font-weight: 650; line-height: 1.2; font-variant-numeric: tabular-nums; }
.figure .detail { color: var(--muted); font-size: 0.85rem; }
.figure.good { border-top-color: var(--good); }
.figure.warning { border-top-color: var(--warning); }
.figure.bad { border-top-color: var(--bad); }
.tag { display: inline-block; padding: 0.05rem 0.5rem; border-radius: 1rem; font-size: 0.75rem; font-weight: 600; white-space: nowrap; color: var(--neutral); background: var(--neutral-bg); }
.tag.good { color: var(--good); background: var(--good-bg); }
.tag.warning { color: var(--warning); background: var(--warning-bg); }
.tag.bad { color: var(--bad); background: var(--bad-bg); }
.note { padding: 0.65rem 1rem; border-left: 4px solid var(--neutral); border-radius: 0 0.4rem 0.4rem 0; background: var(--neutral-bg); }
.note + .note { margin-top: -0.4rem; }
.note.good { border-left-color: var(--good); background: var(--good-bg); }
.note.warning { border-left-color: var(--warning); background: var(--warning-bg); }
.note.bad { border-left-color: var(--bad); background: var(--bad-bg); }
.note.neutral strong { color: var(--neutral); }
.note.good strong { color: var(--good); }
.note.warning strong { color: var(--warning); }
.note.bad strong { color: var(--bad); }
pre, .code { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, 'Liberation Mono', monospace; }
pre { margin: 0 0 1rem; padding: 0.75rem 1rem; border-radius: 0.4rem; background: var(--code); font-size: 0.85rem; line-height: 1.5; white-space: pre-wrap; overflow-wrap: anywhere; }
.card { margin: 0 0 1rem; padding: 1rem 1.25rem; border: 1px solid var(--line); border-left: 4px solid var(--neutral); border-radius: 0.4rem; background: var(--surface); }
.card.good { border-left-color: var(--good); }
.card.warning { border-left-color: var(--warning); }
.card.bad { border-left-color: var(--bad); }
.card-head { display: flex; gap: 0.75rem; justify-content: space-between; align-items: baseline; margin-bottom: 0.5rem; }
.card-head h3, .card-head h4 { margin: 0; font-size: 1.05rem; }
.card-head .tag { flex: none; max-width: 40%; overflow-wrap: break-word; white-space: normal; }
.card-head > :first-child { min-width: 0; }
.card > :last-child { margin-bottom: 0; }
.list-title { margin: 0 0 0.25rem; font-size: 0.85rem; font-weight: 600; color: var(--muted); }
summary.list-title { width: fit-content; cursor: pointer; color: var(--accent); }
details { margin-bottom: 0.75rem; }
details[open] summary { margin-bottom: 0.25rem; }
details li { font-size: 0.875rem; }
.scroll { margin: 0 0 1rem; border: 1px solid var(--line); border-radius: 0.4rem; background: var(--surface); overflow-x: auto; }
table { width: 100%; border-collapse: collapse; font-size: 0.875rem; font-variant-numeric: tabular-nums; }
caption { padding: 0.75rem 0.85rem; text-align: left; font-size: 0.95rem; font-weight: 600; overflow-wrap: anywhere; }
th, td { padding: 0.45rem 0.85rem; border-top: 1px solid var(--line); text-align: left; vertical-align: top; font-weight: 400; overflow-wrap: anywhere; min-width: 6rem; }
thead .code { font-family: inherit; }
thead th { background: var(--code); color: var(--muted); font-weight: 600; }
.end { text-align: right; overflow-wrap: normal; }
tbody .end { white-space: nowrap; }
tbody .code { min-width: 13rem; font-size: 0.8rem; }
.toned { font-weight: 600; }
.toned.good { color: var(--good); }
.toned.warning { color: var(--warning); }
.toned.bad { color: var(--bad); }
td .tag, th .tag { margin-left: 0.4rem; }
.below { display: block; color: var(--muted); font-size: 0.75rem; overflow-wrap: anywhere; }
tbody .prose { min-width: 16rem; }
td.none { color: var(--muted); }
th button { all: unset; cursor: pointer; font-weight: 600; color: var(--accent); }
th button:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
th button::after { content: ' \\2195'; }
th[aria-sort='ascending'] button::after { content: ' \\2191'; }
th[aria-sort='descending'] button::after { content: ' \\2193'; }
.omitted, figcaption, footer { color: var(--muted); font-size: 0.875rem; }
figure { margin: 0 0 1.5rem; }
.chart .scroll { margin-bottom: 0.5rem; padding: 1rem; }
.chart svg { display: block; width: 100%; min-width: 36rem; max-width: 52rem; height: auto; margin: 0 auto; }
footer { margin-top: 4rem; padding-top: 1rem; border-top: 1px solid var(--line); }
@media (max-width: 40rem) {
.page { padding: 1.5rem 1rem 2rem; }
h1 { font-size: 1.6rem; }
h2 { font-size: 1.3rem; }
section { margin-top: 2.5rem; }
.card { padding: 0.85rem 1rem; }
.chart .scroll { padding: 0.75rem; }
}
@media (min-width: 78rem) {
.page { display: grid; grid-template-columns: 14rem minmax(0, 60rem); column-gap: 2.5rem; max-width: 79rem; }
.page > header, .page > footer { grid-column: 2; }
.page > nav { grid-column: 1; grid-row: 1 / span 2; align-self: start; position: sticky; top: 1.5rem; max-height: calc(100vh - 3rem); margin: 0; overflow-y: auto; }
.page > nav > ol { columns: auto; }
.page > main { grid-column: 2; min-width: 0; }
}
`;
