// Runs inside the page. Gives one line for every text or target that is too small, and for content that leaves the screen.
(least) => {
  const findings = [];
  const shown = (element) => {
    const box = element.getBoundingClientRect();
    const style = getComputedStyle(element);
    return box.width > 1 && box.height > 1 && style.visibility !== 'hidden' && style.display !== 'none' && element.checkVisibility() && box.right > 0;
  };
  const name = (element) => `${element.tagName.toLowerCase()} “${(element.textContent || element.getAttribute('aria-label') || '').trim().slice(0, 24)}”`;
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const seen = new Set();
  for (let node = texts.nextNode(); node; node = texts.nextNode()) {
    const element = node.parentElement;
    if (!node.data.trim() || !element || seen.has(element) || ['SCRIPT', 'STYLE', 'NOSCRIPT'].includes(element.tagName) || !shown(element)) continue;
    seen.add(element);
    const style = getComputedStyle(element);
    const size = parseFloat(style.fontSize);
    if (size < least.font) findings.push(`text of ${size} px, needs ${least.font}: ${name(element)}`);
    if (element.closest('svg') === null && style.lineHeight !== 'normal' && parseFloat(style.lineHeight) / size < 1.19) findings.push(`lines at ${style.lineHeight} of ${size} px: ${name(element)}`);
  }
  for (const element of document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary, [role=button], [role=tab]')) {
    if (!shown(element)) continue;
    const { width, height } = element.getBoundingClientRect();
    if (width < least.target || height < least.target) findings.push(`target of ${Math.round(width)} × ${Math.round(height)} px, needs ${least.target}: ${name(element)}`);
  }
  if (document.documentElement.scrollWidth > window.innerWidth + 1) findings.push(`content is ${document.documentElement.scrollWidth} px wide on a screen of ${window.innerWidth}`);
  return findings;
}
