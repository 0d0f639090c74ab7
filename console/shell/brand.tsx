/** Optiq's sign, drawn here so that no request is needed for it. */
export const Brand = () => (
  <a class="brand" href="/console">
    <svg width="28" height="28" viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" fill="#4338ca" /><circle cx="16" cy="16" r="8" fill="none" stroke="#fff" stroke-width="3.5" /><path d="m19 19 6 6" stroke="#fff" stroke-width="3.5" stroke-linecap="round" />
    </svg>Optiq
  </a>
);
