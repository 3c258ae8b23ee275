import { Connections } from "./connections";
import { DeploymentView, nameStack } from "./deploymentView";
import { byId, setText } from "./dom";
import { noFilter } from "./filter";
import { type Change, Store } from "./store";
import { follow, type Link } from "./stream";
import { Timeline } from "./timeline";
import { TryIt } from "./tryIt";

const views = ["timeline", "connections", "try-it", "deployment"] as const;
type View = (typeof views)[number];

const store = new Store();
const timeline = new Timeline({ store, tryIt: () => show("try-it", true) });
const connections = new Connections({
    follow(connection) {
        timeline.filter({ ...noFilter, connection });
        show("timeline", true);
    },
    say,
});
const tryIt = new TryIt();
const deployment = new DeploymentView();
let view: View = "timeline";
let pending: Change | undefined;

function show(next: View, focus = false): void {
    view = next;
    for (const name of views) {
        byId(name).hidden = name !== next;
        const tab = byId(`tab-${name}`);
        tab.setAttribute("aria-selected", String(name === next));
        tab.tabIndex = name === next ? 0 : -1;
    }
    if (focus) {
        byId(`tab-${next}`).focus();
    }
    drawState();
}

/** Draws the view that is open. The others are drawn when they open. */
function drawState(): void {
    nameStack(store.state.deployment);
    setText(byId("tab-count"), store.stateKnown ? String(store.state.connections.length + store.state.more) : "");
    byId("broken").hidden = store.state.faults.length === 0;
    setText(byId("broken"), `${store.state.faults.length} broken`);
    switch (view) {
        case "connections":
            connections.update(store.state);
            break;
        case "try-it":
            tryIt.update(store.state);
            break;
        case "deployment":
            deployment.update(store.state.deployment);
            break;
    }
}

/** Tells a person how an action ended. */
let silence: ReturnType<typeof setTimeout> | undefined;
function say(text: string, failed = false): void {
    const toast = byId("toast");
    toast.toggleAttribute("data-failed", failed);
    setText(toast, text);
    toast.hidden = false;
    clearTimeout(silence);
    silence = setTimeout(() => {
        toast.hidden = true;
    }, 5000);
}

function onLink(link: Link): void {
    byId("link").dataset.state = link.state;
    setText(byId("link-text"), link.state === "live" ? "Live" : link.state === "waiting" ? "Connecting" : "Ended");
    byId("trouble").hidden = link.state === "live";
    setText(byId("trouble"), link.state === "live" ? "" : link.text);
}

/** Draws once a frame, however many messages arrive. A hidden page only stores them. */
function draw(): void {
    const change = pending;
    pending = undefined;
    if (change === undefined) {
        return;
    }
    timeline.apply(change);
    if (change.state) {
        drawState();
    }
}

function merge(change: Change): void {
    if (pending === undefined) {
        pending = change;
        requestAnimationFrame(draw);
        return;
    }
    // A browser draws no frame of a hidden page, and what the store no longer holds needs no drawing.
    const newest = (before: Change["added"], after: Change["added"]) => [...before, ...after].slice(-store.limit);
    pending = {
        added: newest(pending.added, change.added),
        replaced: newest(pending.replaced, change.replaced),
        dropped: pending.dropped || change.dropped,
        state: pending.state || change.state,
    };
}

for (const name of views) {
    byId(`tab-${name}`).addEventListener("click", () => show(name));
}
byId("tabs").addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const next = step === undefined ? undefined : views.at((views.indexOf(view) + step) % views.length);
    if (next !== undefined) {
        event.preventDefault();
        show(next, true);
    }
});
byId("broken").addEventListener("click", () => show("try-it", true));
byId("keys-button").addEventListener("click", () => byId<HTMLDialogElement>("keys").showModal());

document.addEventListener("keydown", (event) => {
    const target = event.target as HTMLElement;
    const isTyping = target.matches("input, textarea, select");
    if (event.altKey || event.ctrlKey || event.metaKey || byId<HTMLDialogElement>("keys").open) {
        return;
    }
    if (event.key === "Escape") {
        if (isTyping) {
            target.blur();
        }
        if (view === "timeline" && timeline.close()) {
            timeline.element.focus();
        } else if (view === "deployment") {
            deployment.close();
        }
        return;
    }
    if (isTyping) {
        return;
    }
    const number = Number(event.key);
    const chosen = views[number - 1];
    if (chosen !== undefined) {
        show(chosen, true);
    } else if (event.key === "/") {
        event.preventDefault();
        show("timeline");
        byId("filter").focus();
    } else if (event.key === "p" && !event.repeat) {
        timeline.pause();
    } else if (event.key === "?") {
        byId<HTMLDialogElement>("keys").showModal();
    }
});

show("timeline");
void follow({ lastId: () => store.lastId, receive: (messages) => merge(store.apply(messages)), onLink });
