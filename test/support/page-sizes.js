// Runs inside the page. Gives one line for every text or target that is too small, and for content that leaves the screen;
// with `least.whole` also for what is typed that is too small, and for text that leaves the screen, its button or card, or whatever cuts off what runs over it.
(least) => {
  const findings = [];
  const shown = (element) => {
    const box = element.getBoundingClientRect();
    const style = getComputedStyle(element);
    return box.width > 1 && box.height > 1 && style.visibility !== 'hidden' && style.display !== 'none' && element.checkVisibility() && box.right > 0;
  };
  const name = (element) => `${element.tagName.toLowerCase()} “${(element.textContent || element.getAttribute('aria-label') || '').trim().slice(0, 24)}”`;
  // The box that a text has to stay in: of each that cuts it off, and of the button or card whose words it is.
  const holds = (element) => getComputedStyle(element).overflowX !== 'visible' || element.matches('button, section, input');
  const within = (inner, outer) => inner.left >= outer.left - 1 && inner.right <= outer.right + 1 && inner.top >= outer.top - 1 && inner.bottom <= outer.bottom + 1;
  const isCut = (node) => {
    const range = document.createRange();
    range.selectNodeContents(node);
    const lines = [...range.getClientRects()];
    if (lines.some(({ left, right }) => left < -1 || right > window.innerWidth + 1)) return true;
    for (let above = node.parentElement; above && above !== document.body; above = above.parentElement) {
      if (holds(above) && lines.some((line) => !within(line, above.getBoundingClientRect()))) return true;
    }
    return false;
  };
  const measure = (element) => {
    const style = getComputedStyle(element);
    const size = parseFloat(style.fontSize);
    if (size < least.font) findings.push(`text of ${size} px, needs ${least.font}: ${name(element)}`);
    if (element.closest('svg') === null && style.lineHeight !== 'normal' && parseFloat(style.lineHeight) / size < least.line - 0.01) findings.push(`lines at ${style.lineHeight} of ${size} px, need ${least.line}: ${name(element)}`);
  };
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const seen = new Set();
  for (let node = texts.nextNode(); node; node = texts.nextNode()) {
    const element = node.parentElement;
    if (least.whole && node.data.trim() && element && shown(element) && isCut(node)) findings.push(`text is cut off: ${name(element)}`);
    if (!node.data.trim() || !element || seen.has(element) || ['SCRIPT', 'STYLE', 'NOSCRIPT'].includes(element.tagName) || !shown(element)) continue;
    seen.add(element);
    measure(element);
  }
  for (const element of document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary, [role=button], [role=tab]')) {
    if (!shown(element)) continue;
    // What is typed is no text of the page.
    if (least.whole && element.matches('input:not([type=radio], [type=checkbox]), select, textarea')) measure(element);
    const { width, height } = element.getBoundingClientRect();
    if (width < least.target || height < least.target) findings.push(`target of ${Math.round(width)} × ${Math.round(height)} px, needs ${least.target}: ${name(element)}`);
  }
  if (document.documentElement.scrollWidth > window.innerWidth + 1) findings.push(`content is ${document.documentElement.scrollWidth} px wide on a screen of ${window.innerWidth}`);
  return findings;
}
