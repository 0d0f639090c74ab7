/*
 * Optiq's tracker. `make tracker` writes its served form, o.js.
 *
 *   <script defer src="https://optiq.example/o.js" data-site="pk_…"></script>
 *
 * data-endpoint            where events go; by default /b on the script's own origin
 * data-hash                the address after # names a page too
 * data-consent="required"  nothing is stored or sent before optiq('consent', 'granted')
 * data-consent="cookieless"  nothing is stored, and no visitor id is sent, before that and after a denial
 * data-cookieless          nothing is ever stored, and no visitor id is sent
 * data-domains             the site's hosts, with commas: links to them carry the visitor id
 *
 * Each may also stand in the script's address, as in o.js?site=pk_…&consent=required: tag managers keep nothing else.
 *
 * Always holds: an event leaves the queue only once the server has answered for it (of page_leave, which every page
 * ends with, the browser's word is enough); the page never sees an error.
 */
(function (window, document) {
  const FLUSH_MS = 200;
  const BATCH_EVENTS = 25;
  const BATCH_BYTES = 60000; // browsers refuse more than 64 KB that outlives the page
  const QUEUE_EVENTS = 500;
  const RETRY_MS = 1000;
  const RETRY_MAX_MS = 300000;
  const HANDOVER_MS = 120000;
  const DOWNLOAD = /\.(pdf|zip|gz|dmg|exe|apk|csv|txt|epub|mp[34]|(doc|xls|ppt)x?)$/i;
  const GRANTED = 'granted';
  const DENIED = 'denied';
  const CONSENT_KEY = 'optiq_consent';
  const ID_KEY = 'optiq_id';
  const ADS_KEY = 'optiq_ads';
  const EVENT_KEY = 'optiq_e.'; // one key per event, so that tabs cannot overwrite each other's queue

  if (window.optiq?.loaded) return;
  let script, source, site; // the element that names the site, its address, and the site's key
  [document.currentScript, ...document.querySelectorAll('script[data-site],script[src*="/o.js?"]')].some((element) => {
    if (!element) return;
    script = element;
    source = new URL(script.src || 'about:blank'); // never the page's own address, which anybody may write
    return (site = option('site'));
  });
  if (!site) return console.warn('Optiq: no data-site');
  const endpoint = option('endpoint') || source.origin + '/b';
  let cookieless = option('cookieless') != null;
  const passing = !cookieless && option('consent') == 'cookieless'; // cookieless until the visitor consents
  const domains = (option('domains') || '').match(/[^\s,]+/g) || [];

  function option(name) {
    return script.dataset[name] ?? source.searchParams.get(name);
  }

  const queue = []; // {_key, _body, _bytes, _adopted, _last}, oldest first; names with _ are shortened
  let consent; // GRANTED, DENIED, or '' while it is waited for
  let ads; // what the visitor says of advertising, as JSON
  let visitor, handed, user; // `handed`: the visitor id that another of the site's hosts gave us
  let address, page, referrer; // what tells pages apart; the full address of this page, and of the one before
  let view; // a page view that waits for its title
  let viewed, depth, spent, since; // a page is open; how far it was scrolled, in %; how long it was visible, until when
  let timer, failures = 0, retryAt = 0, left = false, made = 0;
  let underWay = []; // the batch whose answer is awaited

  /** Keeps every fault away from the page. */
  function safely(work) {
    return function () {
      try {
        return work.apply(this, arguments);
      } catch { /* a tracker must not break its page */ }
    };
  }

  function mayStore(key) {
    return (!cookieless || passing) && key == CONSENT_KEY || !cookieless && consent == GRANTED;
  }

  const load = safely((key) => mayStore(key) && window.localStorage.getItem(key));
  const save = safely((key, value) => mayStore(key) && window.localStorage.setItem(key, value));
  const drop = safely((key) => window.localStorage.removeItem(key));
  const kept = () => safely(() => Object.keys(window.localStorage))()?.filter((key) => key.startsWith(EVENT_KEY)) || [];

  /** 124 random bits. */
  function random() {
    return Array.from(crypto.getRandomValues(new Uint32Array(4)), (n) => n.toString(36).padStart(7, '0')).join('');
  }

  function visitorId() {
    if (cookieless) return;
    if (handed) save(ID_KEY, handed);
    let id = handed || load(ID_KEY);
    if (!/^[\w-]{16,64}$/.test(id)) {
      save(ID_KEY, random());
      id = load(ID_KEY) || random(); // read back: another tab may have been first
    }
    return id;
  }

  // Events and the queue

  function title() {
    return document.title.slice(0, 1000);
  }

  /** Half a character, as careless cutting leaves it, is no valid text: the server would refuse all that comes with it. */
  function wellFormed(_, value) {
    return value?.toWellFormed?.() ?? value;
  }

  function event(kind, name, properties) {
    visitor = load(ID_KEY) || visitor; // another tab may have begun another visitor
    return {
      event_id: (visitor ? visitor + '.' : '') + random(),
      kind,
      name: name && String(name),
      timestamp: new Date().toISOString(),
      anonymous_id: visitor,
      user_id: user,
      url: location.href,
      referrer: referrer || undefined,
      title: title(),
      properties, // the server leaves out what is no object, with a warning
    };
  }

  function push(entry) {
    queue.push(entry);
    if (queue.length > QUEUE_EVENTS) drop(queue.shift()._key);
  }

  function add(fields, last) {
    if (consent == DENIED) return;
    const body = JSON.stringify(fields, wellFormed);
    const order = Date.now().toString(36) + (made++).toString(36).padStart(4, '0');
    const key = EVENT_KEY + order + random();
    save(key, body);
    push({ _key: key, _body: body, _bytes: new Blob([body]).size, _last: last });
    if (retryAt <= Date.now()) sendIn(queue.length < BATCH_EVENTS ? FLUSH_MS : 0);
  }

  /** Takes over what earlier pages could not send. */
  function adopt() {
    kept().sort().forEach(safely((key) => {
      const body = load(key);
      if (JSON.parse(body)) push({ _key: key, _body: body, _bytes: new Blob([body]).size, _adopted: true });
    }));
    if (queue.length) sendIn(FLUSH_MS);
  }

  /** The longest first part of `entries` that one request may carry; at least one event. */
  function batchOf(entries) {
    let bytes = 200;
    const end = entries.findIndex((entry, i) => (bytes += entry._bytes + 1) > BATCH_BYTES && i || i == BATCH_EVENTS);
    return entries.slice(0, end < 0 ? undefined : end);
  }

  function payload(batch) {
    ads = load(ADS_KEY) || ads; // another tab may have changed it
    return '{"k":"' + site + '","sent_at":"' + new Date().toISOString() +
      (ads ? '","c":' + ads + ',"m":' + JSON.stringify(cookies()) : '"') +
      ',"events":[' + batch.map((entry) => entry._body).join() + ']}';
  }

  /** Those of advertising platforms, if they may have data of the visitor. */
  function cookies() {
    return /data":"g/.test(ads) && document.cookie.match(/_(fb[cp]|ttp)=[^;]+/g);
  }

  function forget(batch) {
    batch.forEach((entry) => {
      const at = queue.indexOf(entry);
      if (at >= 0) queue.splice(at, 1);
      drop(entry._key);
    });
  }

  // Sending

  function sendIn(delay) {
    clearTimeout(timer);
    timer = setTimeout(send, delay);
  }

  const send = safely(function () {
    if (underWay.length || left || consent != GRANTED) return;
    settleView();
    // What another tab has delivered meanwhile is gone from the storage.
    forget(queue.filter((entry) => entry._adopted && load(entry._key) == null));
    const batch = batchOf(queue);
    if (!batch.length) return;
    const body = payload(batch);
    underWay = batch;
    // Text, so that browsers do not ask first; keepalive, so that it outlives the page.
    fetch(endpoint, {
      method: 'POST',
      body,
      headers: { 'content-type': 'text/plain' },
      credentials: 'omit',
      keepalive: body.length < BATCH_BYTES && batch[0]._bytes < BATCH_BYTES,
    }).then(
      (answer) => settle(batch, answer.status, answer.headers.get('retry-after')),
      () => settle(batch, 0),
    );
  });

  const settle = safely(function (batch, status, wait) {
    underWay = [];
    if (status && status != 429 && status < 500) {
      forget(batch); // taken, or refused for good
      failures = retryAt = 0;
      if (queue.length) sendIn(0);
      return;
    }
    const backOff = Math.min(RETRY_MS * 2 ** failures++, RETRY_MAX_MS) * (0.5 + Math.random() / 2);
    const delay = Math.max(backOff, wait > 0 ? wait * 1000 : 0);
    retryAt = Date.now() + delay;
    sendIn(delay);
  });

  /** The page goes away: beacons carry what is not on its way. They have no answer, so the queue stays as it is. */
  function leave() {
    endView();
    left = true;
    if (consent != GRANTED) return;
    let rest = queue.filter((entry) => !underWay.includes(entry));
    while (rest.length) {
      const batch = batchOf(rest);
      if (!navigator.sendBeacon(endpoint, payload(batch))) return;
      if (navigator.onLine) forget(batch.filter((entry) => entry._last));
      rest = rest.slice(batch.length);
    }
  }

  // Page views

  function here() {
    return location.pathname + location.search + (option('hash') == null ? '' : location.hash);
  }

  function settleView() {
    if (!view) return;
    const settled = view;
    view = null;
    if (here() == address) settled.title = title();
    add(settled);
  }

  /** Takes the time for which the page was visible. */
  function clock() {
    const now = performance.now();
    if (since) spent += now - since;
    since = document.visibilityState == 'visible' && now;
  }

  function scrolled() {
    const seen = (scrollY + innerHeight) / document.documentElement.scrollHeight;
    depth = Math.max(depth, Math.min(Math.round(seen * 100) || 0, 100));
  }

  /** Tells, once for each view, how long the page was seen and how much of it. */
  function endView() {
    settleView();
    if (!viewed) return;
    viewed = false;
    scrolled();
    clock();
    const told = event('track', 'page_leave', { scroll_depth: depth, seconds: Math.round(spent / 1000) });
    add(Object.assign(told, { url: page, title: undefined, referrer: undefined }), true);
  }

  /** Begins a page view. Pages set their title after they change the address, so it is read a moment later. */
  function viewPage(name, properties) {
    endView();
    clock();
    depth = spent = 0;
    viewed = consent != DENIED;
    address = here();
    page = location.href;
    view = event('page', name, properties);
    setTimeout(safely(settleView));
  }

  const moved = safely(function () {
    if (here() == address) return;
    endView();
    referrer = page;
    viewPage();
  });

  function watch(method) {
    const original = history[method];
    history[method] = function () {
      const result = original.apply(this, arguments);
      moved();
      return result;
    };
  }

  // Links

  function isOurs(host) {
    return domains.some((domain) => host == domain || host.endsWith('.' + domain));
  }

  const clicked = safely(function (click) {
    const link = click.target.closest('a[href],area[href]');
    if (!link || click.button > 1 || !/^http/.test(link.protocol)) return;
    const url = link.href;
    const away = link.hostname != location.hostname;
    if (away && isOurs(link.hostname)) {
      if (!visitor || consent != GRANTED) return;
      link.search += (link.search ? '&' : '?') + '_oq=' + visitor + '.' + Date.now().toString(36);
      setTimeout(() => { link.href = url; }); // the click has taken it by then
    } else if (link.hasAttribute('download') || DOWNLOAD.test(link.pathname)) {
      calls.track('File Downloaded', { url });
    } else if (away) {
      calls.track('Outbound Link Clicked', { url });
    }
  });

  /** Takes a visitor id out of the address, where a link from another of the site's hosts has put it. */
  const takeOver = safely(function () {
    const search = location.search.replace(/([?&])_oq=(?:([\w-]{16,64})\.(\w*))?[^&]*(&|$)/, (_, before, id, at, after) => {
      const age = Date.now() - parseInt(at, 36);
      if (domains.length && id && age >= 0 && age < HANDOVER_MS) handed = id;
      return after && before;
    });
    if (search == location.search) return;
    history.replaceState(history.state, '', location.origin + location.pathname + search + location.hash);
  });

  /** The visitor has just consented: what was kept until now is theirs; after a denial only the open page is. */
  function begin(denied) {
    const former = visitor;
    const waiting = queue.splice(0);
    visitor = visitorId();
    adopt();
    waiting.forEach((entry) => {
      if (former) entry._body = entry._body.replaceAll(former, visitor); // another tab may have been first
      save(entry._key, entry._body);
      push(entry);
    });
    if (denied) viewPage();
    sendIn(0);
  }

  // What the page may call

  const calls = {
    track(name, properties) {
      if (!name) return;
      settleView();
      add(event('track', name, properties));
    },
    identify(id, traits) {
      if (typeof id != 'number' && (typeof id != 'string' || !id)) return;
      settleView();
      user = String(id);
      add(event('identify', undefined, traits));
    },
    /** Names the page view that has just begun, else counts one more. */
    page(name, properties) {
      if (name && typeof name == 'object') [name, properties] = [undefined, name];
      if (!view) return viewPage(name, properties);
      view.name = name && String(name);
      view.properties = event('page', name, properties).properties;
    },
    /** The visitor's choice, remembered; `said` is what they say of advertising. */
    consent(choice, said) {
      const denied = choice == DENIED;
      if (!denied && choice != GRANTED) return;
      settleView();
      const before = passing && cookieless ? DENIED : consent;
      if (ads && denied) {
        save(ADS_KEY, ads = '"denied"');
        leave(); // what was counted with consent carries the withdrawal
        left = ads = 0;
      }
      if (passing) cookieless = denied;
      else consent = choice;
      if (said) save(ADS_KEY, ads = JSON.stringify(said));
      if (choice == before) return;
      if (denied) {
        if (!passing) {
          viewed = false;
          forget(queue.slice());
        }
        visitor = handed = undefined;
        kept().concat(ID_KEY, ADS_KEY).forEach(drop);
      } else begin(!passing && before == DENIED);
      save(CONSENT_KEY, choice); // last, for it tells the other tabs
    },
    /** Another visitor begins; what waits goes out under the one before. */
    reset() {
      endView();
      send();
      drop(ID_KEY);
      handed = user = undefined;
      visitor = visitorId();
    },
  };

  const start = safely(function () {
    const choice = load(CONSENT_KEY);
    if (passing) cookieless = choice != GRANTED;
    consent = passing ? GRANTED : choice || (option('consent') == 'required' ? '' : GRANTED);
    takeOver();
    visitor = visitorId();
    referrer = document.referrer;
    adopt();
    viewPage();
    const api = safely((call, ...rest) => Object.hasOwn(calls, call) && void calls[call](...rest));
    const waiting = window.optiq?.q || [];
    api.loaded = true;
    window.optiq = api;
    waiting.forEach(safely((call) => api(...call)));
    watch('pushState');
    watch('replaceState');
    addEventListener('popstate', moved);
    addEventListener('hashchange', moved);
    addEventListener('online', () => {
      failures = retryAt = 0;
      sendIn(0);
    });
    addEventListener('storage', (changed) => changed.key == CONSENT_KEY && api('consent', changed.newValue));
    addEventListener('scroll', scrolled);
    addEventListener('click', clicked, true);
    addEventListener('auxclick', clicked, true);
    document.addEventListener('visibilitychange', () => {
      clock();
      if (document.visibilityState == 'hidden' && retryAt <= Date.now()) send();
    });
    addEventListener('pagehide', safely(leave));
    addEventListener('pageshow', safely((shown) => {
      if (!shown.persisted) return;
      left = false; // back from the browser's cache
      calls.consent(load(CONSENT_KEY)); // the choice may have changed meanwhile
      if (!viewed) viewPage();
    }));
  });

  if (document.prerendering) document.addEventListener('prerenderingchange', start);
  else start();
})(window, document);
