/** Draws the API's reference from the document beside it. */

const place = document.getElementById('reference');
const text = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif';
const code = 'ui-monospace, Menlo, Consolas, monospace';

window.Redoc.init('/openapi.json', {
  nonce: place.dataset.nonce,
  scrollYOffset: '.top',
  hideDownloadButton: true,
  requiredPropsFirst: true,
  sortTagsAlphabetically: true,
  sanitize: true,
  theme: {
    colors: { primary: { main: '#4338ca' }, text: { primary: '#1d2433' } },
    typography: {
      fontFamily: text,
      headings: { fontFamily: text, fontWeight: '650' },
      code: { fontFamily: code, color: '#4338ca', backgroundColor: '#f4f5f8' },
      links: { color: '#4338ca', visited: '#4338ca' },
    },
    sidebar: { backgroundColor: '#f4f5f8', width: '280px' },
    rightPanel: { backgroundColor: '#1b202b' },
  },
}, place);
