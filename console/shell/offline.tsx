import { useEffect, useState } from 'preact/hooks';

/** Says when the browser has no connection: what is shown stays. */
export function Offline() {
  const [online, setOnline] = useState(navigator.onLine);
  useEffect(() => {
    const look = () => setOnline(navigator.onLine);
    addEventListener('online', look);
    addEventListener('offline', look);
    return () => {
      removeEventListener('online', look);
      removeEventListener('offline', look);
    };
  }, []);
  return online ? null : <p class="offline" role="status">You are offline. The numbers are from before; they are renewed when you are back.</p>;
}
