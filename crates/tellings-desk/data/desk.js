// What script makes nicer; everything works without it.
(() => {
  'use strict';
  const find = document.getElementById('find');
  const typing = (e) => e.target.matches('input, textarea, select') || e.ctrlKey || e.metaKey || e.altKey;
  document.addEventListener('keydown', (e) => {
    if (typing(e)) return;
    if (e.key === '/' && find) { find.focus(); e.preventDefault(); return; }
    const button = document.querySelector('button[data-key="' + CSS.escape(e.key) + '"], a[data-key="' + CSS.escape(e.key) + '"]');
    if (button) { button.click(); e.preventDefault(); }
  });
  // Layers of a report stay as they were left.
  const boxes = document.querySelectorAll('.layers input[type=checkbox]');
  if (boxes.length && !new URLSearchParams(location.search).has('layer')) {
    const known = (localStorage.getItem('layers') || '').split(' ');
    boxes.forEach((box) => { box.checked = known.includes(box.value); });
  }
  boxes.forEach((box) => box.addEventListener('change', () => {
    localStorage.setItem('layers', [...boxes].filter((b) => b.checked).map((b) => b.value).join(' '));
  }));
  // The words of a citation are brought into view under the head of the page.
  const mark = document.querySelector('mark');
  if (mark && location.hash.startsWith('#b')) mark.scrollIntoView({ block: 'center' });
  // Says when something new has come; the page is left as it is.
  const live = document.getElementById('live');
  if (live && window.EventSource && document.querySelector('[data-live]')) {
    const source = new EventSource('/live');
    source.addEventListener('change', () => {
      if (!live.hidden) return;
      const link = document.createElement('a');
      link.href = location.href;
      link.textContent = 'Something new has come: load again';
      live.append(link);
      live.hidden = false;
    });
    addEventListener('pagehide', () => source.close());
  }
})();
