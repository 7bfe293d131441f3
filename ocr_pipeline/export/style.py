"""The look of the HTML page."""

PAGE_CSS = """\
:root { --ink: #1f2328; --dim: #6b7280; --line: #c9ced6; --head: #f3f5f8; --doubt: #fff1c2; --edge: #d97706; }
* { box-sizing: border-box; }
body { margin: 0; background: #eceff3; color: var(--ink);
  font: 16px/1.7 "Noto Serif CJK SC", "Source Han Serif SC", "Songti SC", SimSun, serif; }
main { max-width: 62rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; }
.page, .filing, .review { background: #fff; border: 1px solid var(--line); border-radius: 6px; margin: 0 0 1.25rem;
  padding: 1.5rem 2rem; }
.filing dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1.25rem; margin: 0; font-size: .9rem; }
.filing dt, .page-mark, .header, .footer, .page_number { color: var(--dim); }
.filing dd { margin: 0; }
.page-mark { font: .75rem/1 system-ui, sans-serif; text-align: right; }
h1 { font-size: 1.5rem; text-align: center; margin: 1rem 0; }
h2 { font-size: 1.15rem; margin: 1.25rem 0 .5rem; }
h3, caption { font-size: 1rem; font-weight: 600; text-align: center; margin: .75rem 0 .35rem; }
p { margin: .4rem 0; }
.paragraph { text-indent: 2em; }
.document_number { text-align: center; }
.signature, .date, .page_number { text-align: right; }
.header, .footer, .note, .page_number { font-size: .85rem; }
.seal { display: inline-block; color: #b91c1c; border: 1px solid #b91c1c; border-radius: 1rem; padding: 0 .75rem; }
.failed { color: #b91c1c; }
.table { overflow-x: auto; margin: 1rem 0; }
table { border-collapse: collapse; margin: 0 auto; font-size: .88rem; line-height: 1.45; }
th, td { border: 1px solid var(--line); padding: .25rem .55rem; text-align: center; vertical-align: middle; }
th { background: var(--head); font-weight: 600; }
td { font-variant-numeric: tabular-nums; }
.hole { background: repeating-linear-gradient(45deg, #fff 0 4px, #eee 4px 8px); }
.flagged { background: var(--doubt); outline: 2px solid var(--edge); outline-offset: -2px; }
.flagged::after { content: "?"; color: var(--edge); font-weight: 700; margin-left: .15em; }
@media print { body { background: #fff; } .page, .filing, .review { border: 0; padding: 0; } }
"""
