/** The catalogue. Prices are cents; drawings fill a 200 × 200 box. */

const shadow = '<ellipse cx="100" cy="168" rx="66" ry="7" fill="#000" opacity=".08"/>';

export const collections = [
  { slug: 'table', name: 'Table' },
  { slug: 'light', name: 'Light' },
  { slug: 'desk', name: 'Desk' },
  { slug: 'rest', name: 'Rest' },
];

export const products = [
  {
    id: 'HH-001', slug: 'stoneware-teapot', name: 'Stoneware teapot', collection: 'table', cents: 4990, tint: '#e7ede4',
    text: 'Holds three cups, pours without a drip and keeps its heat through a long conversation.',
    facts: ['0.8 litres', 'Glazed stoneware', 'Steel strainer included'],
    art: `${shadow}<path d="M132 96c26-14 36 2 34 16s-16 26-34 26" fill="none" stroke="#3f6b5d" stroke-width="10"/><path d="M64 112 36 92l-8 6 30 42z" fill="#3f6b5d"/><ellipse cx="98" cy="122" rx="48" ry="42" fill="#4b7a6b"/><path d="M52 110a48 42 0 0 1 92 0z" fill="#5c8c7c"/><ellipse cx="98" cy="84" rx="26" ry="7" fill="#3f6b5d"/><circle cx="98" cy="72" r="8" fill="#c8643c"/><ellipse cx="84" cy="116" rx="8" ry="16" fill="#fff" opacity=".16"/>`,
  },
  {
    id: 'HH-002', slug: 'everyday-mug', name: 'Everyday mug', collection: 'table', cents: 1800, tint: '#f3e4da',
    text: 'A mug with a thumb rest, thick enough to keep coffee warm and light enough for the last sip.',
    facts: ['320 ml', 'Dishwasher safe', 'Fired twice'],
    art: `${shadow}<path d="M132 88c34-4 34 50-4 46" fill="none" stroke="#b4552f" stroke-width="10"/><path d="M60 70h76v68c0 16-12 26-38 26s-38-10-38-26z" fill="#c8643c"/><path d="M60 70h76v34c-20 14-52-6-76 8z" fill="#f6efe6"/><ellipse cx="98" cy="70" rx="38" ry="9" fill="#e9dccd"/><ellipse cx="98" cy="71" rx="31" ry="6" fill="#5b3a29"/>`,
  },
  {
    id: 'HH-003', slug: 'oak-board', name: 'Oak serving board', collection: 'table', cents: 3400, tint: '#efe6d6',
    text: 'One piece of oak, oiled by hand. Bread on one side, cheese on the other.',
    facts: ['38 × 19 cm', 'European oak', 'Oil once a season'],
    art: `${shadow}<rect x="62" y="58" width="76" height="108" rx="16" fill="#c79a63"/><rect x="90" y="26" width="20" height="44" rx="10" fill="#c79a63"/><circle cx="100" cy="38" r="4.5" fill="#efe6d6"/><path d="M76 74v78m14-84v92m20-92v92m14-86v78" stroke="#a87c48" stroke-width="2" opacity=".6"/><circle cx="112" cy="128" r="17" fill="#f1d27a"/><path d="M112 128 129 128a17 17 0 0 1-9 15z" fill="#efe6d6"/>`,
  },
  {
    id: 'HH-004', slug: 'linen-napkins', name: 'Linen napkins, set of four', collection: 'table', cents: 2600, tint: '#e4e9ef',
    text: 'Washed linen that looks better unironed, in four shades of the sea.',
    facts: ['45 × 45 cm', 'European flax', 'Machine wash'],
    art: `${shadow}<g stroke="#fff" stroke-opacity=".5" stroke-width="1.5"><path d="M46 140h108v22H46z" fill="#34566b"/><path d="M50 118h100v22H50z" fill="#55809a"/><path d="M48 96h104v22H48z" fill="#8fb0c2"/><path d="M52 74h96v22H52z" fill="#c9d9e0"/></g><path d="M92 68h16v96H92z" fill="#d9b98a"/><path d="M100 104c-22-20-30 2-2 6 28-4 24-26 2-6z" fill="#c19d69"/>`,
  },
  {
    id: 'HH-005', slug: 'beeswax-candle', name: 'Beeswax candle', collection: 'light', cents: 1450, tint: '#f6ecd2',
    text: 'Pure wax from one beekeeper. Burns for sixty hours and smells of late summer.',
    facts: ['60 hours', 'Cotton wick', 'Refill available'],
    art: `${shadow}<path d="M70 84h60v78c-16 6-44 6-60 0z" fill="#e2a93b"/><ellipse cx="100" cy="84" rx="30" ry="8" fill="#f3c766"/><path d="M70 108h60v28H70z" fill="#fdf6e4"/><path d="M84 122h32" stroke="#a5772a" stroke-width="3" stroke-linecap="round"/><path d="M100 84V70" stroke="#4a3a22" stroke-width="3"/><path d="M100 32c16 20 14 38 0 40-14-2-16-20 0-40z" fill="#f08c3a"/><path d="M100 50c7 9 7 19 0 21-7-2-7-12 0-21z" fill="#fde08a"/>`,
  },
  {
    id: 'HH-006', slug: 'reading-lamp', name: 'Reading lamp', collection: 'light', cents: 8900, tint: '#e3ebe8',
    text: 'A brass joint, a heavy foot and a warm light that stays on your page.',
    facts: ['46 cm high', 'Dimmable, 2,700 K', '1.8 m cloth cable'],
    art: `${shadow}<path d="m56 78-34 80h94z" fill="#fbe7a6" opacity=".55"/><rect x="88" y="156" width="64" height="11" rx="5" fill="#22302b"/><path d="M120 158V98L74 56" fill="none" stroke="#b58b3d" stroke-width="6" stroke-linejoin="round"/><circle cx="120" cy="98" r="8" fill="#22302b"/><path d="M42 74 74 38l24 22-22 36z" fill="#2f5d50"/><path d="m42 74 34 22" stroke="#f3c766" stroke-width="6" stroke-linecap="round"/>`,
  },
  {
    id: 'HH-007', slug: 'paper-lantern', name: 'Paper lantern', collection: 'light', cents: 3900, tint: '#f1e8e4',
    text: 'Mulberry paper over bamboo ribs. Folds flat when the season is over.',
    facts: ['Ø 35 cm', 'Mulberry paper', 'For E27 bulbs'],
    art: `<path d="M100 0v44" stroke="#22302b" stroke-width="3"/><ellipse cx="100" cy="106" rx="60" ry="58" fill="#fffaf0"/><ellipse cx="100" cy="106" rx="34" ry="50" fill="#fbe3ac" opacity=".7"/><g fill="none" stroke="#d8c5a8" stroke-width="2"><path d="M62 62c24 8 52 8 76 0M45 84c34 9 76 9 110 0M40 106c36 9 84 9 120 0M45 128c34 9 76 9 110 0M62 150c24 8 52 8 76 0"/></g><rect x="84" y="42" width="32" height="9" rx="4" fill="#22302b"/><rect x="84" y="160" width="32" height="8" rx="4" fill="#22302b"/>`,
  },
  {
    id: 'HH-008', slug: 'bound-notebook', name: 'Bound notebook', collection: 'desk', cents: 2250, tint: '#e9e4f0',
    text: 'Sewn so that it lies flat from the first page to the last. Paper that likes ink.',
    facts: ['A5, 192 pages', '100 g paper', 'Dotted or plain'],
    art: `${shadow}<rect x="62" y="44" width="84" height="120" rx="5" fill="#f7f2e8"/><rect x="54" y="40" width="86" height="122" rx="6" fill="#5a4b7c"/><path d="M54 46a6 6 0 0 1 6-6h10v122H60a6 6 0 0 1-6-6z" fill="#46396a"/><rect x="84" y="64" width="42" height="24" rx="3" fill="#f1e8d8"/><path d="M90 72h30m-30 8h20" stroke="#5a4b7c" stroke-width="2.5"/><path d="M128 40h6v122h-6z" fill="#c8643c"/><path d="M112 162v18l5-5 5 5v-18z" fill="#c8643c"/>`,
  },
  {
    id: 'HH-009', slug: 'desk-clock', name: 'Desk clock', collection: 'desk', cents: 5600, tint: '#e6ebe0',
    text: 'A silent movement in turned beech. It tells the time and nothing else.',
    facts: ['Ø 12 cm', 'Silent sweep', 'One AA battery'],
    art: `${shadow}<path d="m66 150-10 18m78-18 10 18" stroke="#a87c48" stroke-width="9" stroke-linecap="round"/><circle cx="100" cy="102" r="62" fill="#c79a63"/><circle cx="100" cy="102" r="50" fill="#fdfaf3"/><g stroke="#22302b" stroke-linecap="round"><path d="M100 58v8m0 72v8M56 102h8m72 0h8" stroke-width="3.5"/><path d="M100 102 80 82" stroke-width="6"/><path d="m100 102 28-26" stroke-width="4"/></g><circle cx="100" cy="102" r="5" fill="#c8643c"/>`,
  },
  {
    id: 'HH-010', slug: 'fern-in-a-pot', name: 'Fern in a clay pot', collection: 'desk', cents: 2990, tint: '#e2ecdf',
    text: 'A hardy fern that forgives forgetting. The pot breathes, so its roots do too.',
    facts: ['About 30 cm', 'Half shade', 'Water twice a week'],
    art: `${shadow}<g fill="none" stroke="#4d8559" stroke-width="9" stroke-linecap="round"><path d="M100 116C96 80 72 64 46 62"/><path d="M100 116c4-36 28-52 54-54"/><path d="M100 116c-2-40-14-62-30-80"/><path d="M100 116c2-40 14-62 30-80"/></g><g fill="none" stroke="#71a876" stroke-width="7" stroke-linecap="round"><path d="M100 116c0-40 0-66 0-88"/><path d="M100 116c-10-20-34-28-60-22"/><path d="M100 116c10-20 34-28 60-22"/></g><path d="M66 116h68l-9 48c-14 5-36 5-50 0z" fill="#c8643c"/><rect x="60" y="106" width="80" height="18" rx="5" fill="#d97a52"/>`,
  },
  {
    id: 'HH-011', slug: 'wool-throw', name: 'Wool throw', collection: 'rest', cents: 11900, tint: '#efe2dd',
    text: 'Woven from undyed lambswool in a mill that has done so for a century.',
    facts: ['130 × 180 cm', 'Lambswool', 'Air, rarely wash'],
    art: `${shadow}<path d="M40 96c0-14 10-22 24-22h76c14 0 22 8 22 22v66H40z" fill="#e3d4c3"/><path d="M40 108h122v16H40zm0 30h122v9H40z" fill="#a5584a"/><path d="M40 127h122v5H40z" fill="#34566b"/><path d="M64 74c-14 0-24 8-24 22s10 18 24 18h98V96c0-14-8-22-22-22z" fill="#efe4d6"/><path d="M64 92h98" stroke="#a5584a" stroke-width="7"/><path d="M46 162v9m12-9v9m12-9v9m12-9v9m12-9v9m12-9v9m12-9v9m12-9v9m12-9v9m12-9v9" stroke="#cdb9a3" stroke-width="4" stroke-linecap="round"/>`,
  },
  {
    id: 'HH-012', slug: 'evening-tea', name: 'Evening tea', collection: 'rest', cents: 950, tint: '#e0e8ee',
    text: 'Lemon verbena, camomile and a little lavender. No caffeine, no hurry.',
    facts: ['90 g, some 45 cups', 'Organic', 'Tin is refillable'],
    art: `${shadow}<rect x="60" y="62" width="80" height="104" rx="8" fill="#34566b"/><rect x="60" y="84" width="80" height="60" fill="#f6efe6"/><path d="M64 44h72c6 0 8 4 8 8v14H56V52c0-4 2-8 8-8z" fill="#27424f"/><path d="M100 134c0-18 0-22 0-32" stroke="#4d8559" stroke-width="3"/><path d="M100 120c-16 0-18-12-18-12s16-2 18 12zm0-8c14-2 16-14 16-14s-16 0-16 14z" fill="#71a876"/><circle cx="100" cy="98" r="6" fill="#9a86c4"/>`,
  },
];

export const productAt = (slug) => products.find((product) => product.slug === slug);
export const productWith = (id) => products.find((product) => product.id === id);
