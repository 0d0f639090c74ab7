// {"title": "Page not found", "alone": true}
export default function NotFound() {
  return (
    <>
      <h1>Page not found</h1>
      <p>Check the address, or go to the console.</p>
      <a class="button full" href="/console">Go to the console</a>
    </>
  );
}
