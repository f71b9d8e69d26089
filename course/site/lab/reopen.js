// JupyterLab takes the lesson out of its address once it is open. This tab remembers it, so that
// loading the page anew opens the lesson again and not an empty launcher.

{
  const place = `lesson of ${location.pathname.replace(/\/(index\.html)?$/, "")}`;
  const asked = new URLSearchParams(location.search).get("path");
  try {
    const last = sessionStorage.getItem(place);
    if (asked) sessionStorage.setItem(place, asked);
    else if (last) history.replaceState(null, "", `?path=${encodeURIComponent(last)}`);
  } catch {
    // This browser keeps nothing: what is asked for opens all the same.
  }
}
