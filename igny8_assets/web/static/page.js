// Shows a site as it happens: by server-sent events, or by looking every 5 seconds where these do not come through.
"use strict";

(() => {
  const POLL_MS = 5000;
  const SILENT_MS = 40000;
  const DOUBLE_CLICK_MS = 400;

  function show(told) {
    for (const id of ["run", "cards"]) {
      const part = document.getElementById(id);
      if (part && part.dataset.shown !== told[id]) {
        part.innerHTML = told[id];
        part.dataset.shown = told[id];
      }
    }
    if (document.body.dataset.run !== undefined && document.body.dataset.run !== told.state) {
      document.body.dispatchEvent(new CustomEvent("igny8:run"));
    }
    document.body.dataset.run = told.state;
  }

  // What nobody can see any more is said once, until the server is back.
  let heard = Date.now();
  function note(isThere) {
    const connection = document.getElementById("connection");
    if (isThere) heard = Date.now();
    if (isThere === !connection.textContent) return;
    const since = new Date(heard).toLocaleTimeString();
    connection.textContent = isThere ? "" : document.body.dataset.disconnected.replace("{time}", since);
  }

  function poll(address) {
    const look = async () => {
      try {
        const answer = await fetch(address, { headers: { Accept: "application/json" } });
        // Whoever is logged in no more is sent to the login.
        if (answer.redirected) location.reload();
        if (answer.ok) show(await answer.json());
        note(answer.ok);
      } catch {
        note(false);
      }
    };
    look();
    return setInterval(look, POLL_MS);
  }

  document.addEventListener("DOMContentLoaded", () => {
    const main = document.querySelector("main[data-live]");
    if (!main) return;
    let polling = null;
    const stream = new EventSource(main.dataset.live);
    const alive = () => {
      note(true);
      if (polling) clearInterval(polling);
      polling = null;
    };
    stream.addEventListener("state", (event) => {
      alive();
      show(JSON.parse(event.data));
    });
    stream.addEventListener("still", alive);
    setInterval(() => {
      if (!polling && (stream.readyState !== EventSource.OPEN || Date.now() - heard > SILENT_MS)) {
        polling = poll(main.dataset.state);
      }
    }, 1000);
  });

  // Whoever scrolled up to read is left there.
  let following = true;
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { id, scrollHeight, scrollTop, clientHeight } = event.target;
    if (id === "log") following = scrollHeight - scrollTop - clientHeight < 40;
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.target.id === "log" && following) event.target.scrollTop = event.target.scrollHeight;
  });
  // Not before: until then its buttons do nothing.
  document.addEventListener("htmx:afterSettle", (event) => {
    const { target } = event.detail;
    if (target.tagName === "DIALOG" && !target.open) target.showModal();
  });
  // Of nothing chosen nobody is asked whether they are sure: the server says what to choose.
  document.addEventListener("htmx:confirm", (event) => {
    const chosen = event.target.closest("#chosen");
    if (!event.detail.question || !chosen || chosen.querySelector("[name=chosen]:checked")) return;
    event.preventDefault();
    event.detail.issueRequest(true);
  });
  // A second click while a change is under way, or while the page it leads to is loaded, would ask for it twice.
  const changing = new Map();
  let leaving = false;
  document.addEventListener("htmx:beforeRequest", (event) => {
    const { requestConfig, xhr } = event.detail;
    if (requestConfig.verb === "get") return;
    const asked = event.target.closest("form") || event.target;
    if (leaving || changing.has(asked)) event.preventDefault();
    else changing.set(asked, xhr);
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const { xhr } = event.detail;
    // What was done at once may be done before the second click.
    const rest = xhr.status >= 200 && xhr.status < 300 ? DOUBLE_CLICK_MS : 0;
    for (const [asked, request] of changing) if (request === xhr) setTimeout(() => changing.delete(asked), rest);
    if (xhr.getResponseHeader("HX-Redirect") || xhr.getResponseHeader("HX-Refresh")) leaving = true;
  });
  // Shown again by the browser's way back.
  addEventListener("pageshow", () => (leaving = false));
  document.addEventListener("htmx:sendError", (event) => {
    // What asks by itself tries again by itself.
    if (!event.target.matches("button, form")) return;
    const open = event.target.closest("dialog");
    const notice = (open || document).querySelector("[role=status]");
    const said = document.createElement("p");
    said.className = "error";
    said.setAttribute("role", "alert");
    said.textContent = document.body.dataset.unreachable;
    notice.replaceChildren(said);
  });
  document.addEventListener("igny8:done", (event) => {
    const dialog = event.target.closest("dialog");
    if (dialog) dialog.close();
  });
  document.addEventListener("change", (event) => {
    const { most, tooLarge } = event.target.dataset;
    if (!most) return;
    // A server that refuses a file while it comes can not always say so.
    const large = [...event.target.files].some((file) => file.size > Number(most));
    event.target.setCustomValidity(large ? tooLarge : "");
    event.target.reportValidity();
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-close]")) event.target.closest("dialog").close();
  });
})();
