// Beside JupyterLab, on the page that has a lesson open.

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

function tell(message, type) {
  const options = { autoClose: 15_000 };
  window.jupyterapp?.commands.execute("apputils:notify", { message, type, options });
}

// Python waits for each answer of the drive, and JupyterLite gives none where the drive fails: a
// full storage would stop the lesson for good. So the service worker is told what got no answer.
{
  const WAIT = 1000; // milliseconds: the error may be of something else than the question
  const FULL =
    "This browser's storage is full: what you do now is not saved. Download the notebook (File, " +
    "Download), free some disk space, and save again.";
  const channel = new BroadcastChannel("/sw-api.v1");
  const post = BroadcastChannel.prototype.postMessage;
  let mine = null; // what tells this page's answers from those of other tabs
  let asked = 0;
  let answered = 0;
  let told = -Infinity;

  BroadcastChannel.prototype.postMessage = function (message) {
    if (message?.browsingContextId) {
      mine = message.browsingContextId;
      answered = asked;
    }
    post.call(this, message);
  };
  channel.addEventListener("message", ({ data }) => {
    if (data.browsingContextId === mine && "pathname" in data) asked++;
  });
  addEventListener("unhandledrejection", ({ reason }) => {
    if (reason?.name === "QuotaExceededError" && performance.now() - told > 60_000) {
      told = performance.now();
      tell(FULL, "error");
    }
    const question = asked;
    setTimeout(() => {
      if (answered >= question) return;
      answered = question;
      new BroadcastChannel("course drive").postMessage(mine);
    }, WAIT);
  });
}

// Who never sees the site's first page shall have the whole course without a network, too. It is
// loaded once a first cell has run: until then the line is the lesson's own.
{
  const COMPLETE = "The course is complete in this browser: the lessons also work without a network.";
  const NO_ROOM =
    "This browser has no room to keep the whole course, so the lessons need a network. " +
    "Free some disk space, and open the lesson again.";
  let loading = false;

  navigator.serviceWorker?.addEventListener("message", ({ data }) => {
    if (data.wanted !== "everything") return;
    if (data.complete && loading) tell(COMPLETE, "success");
    else if (data.trouble === "room") tell(NO_ROOM, "warning");
    loading = "name" in data;
  });

  function ran(kernel, { content, parent_header }) {
    if (parent_header.msg_type !== "execute_request" || content.execution_state !== "idle") return;
    kernel.iopubMessage.disconnect(ran);
    navigator.serviceWorker?.controller?.postMessage("everything");
  }

  const looking = setInterval(() => {
    const context = window.jupyterapp?.shell.currentWidget?.context;
    const kernel = context?.sessionContext?.session?.kernel;
    if (!kernel) return;
    clearInterval(looking);
    kernel.iopubMessage.connect(ran);
  }, 500);
}
