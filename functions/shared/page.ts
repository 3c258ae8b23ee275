import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

export interface Page {
    html: string;
    /** Content-Security-Policy that lets this page's own script and style run and nothing else. */
    policy: string;
}

let loaded: Promise<Page> | undefined;

/** The page, read when it is first asked for so that events do not wait for it. */
export function loadPage(): Promise<Page> {
    loaded ??= readFile(join(__dirname, "index.html"), "utf8").then((html) => ({ html, policy: policyFor(html) }));
    return loaded;
}

export function policyFor(html: string): string {
    return [
        "default-src 'none'",
        `script-src ${hashOf({ html, element: "script" })}`,
        `style-src ${hashOf({ html, element: "style" })}`,
        "img-src data:",
        // The service may be reached under a name of its owner's, so its host is not written here.
        "connect-src 'self' https: wss: http://localhost:* ws://localhost:*",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    ].join("; ");
}

function hashOf({ html, element }: { html: string; element: "script" | "style" }): string {
    const content = html.slice(html.indexOf(`<${element}>`) + element.length + 2, html.indexOf(`</${element}>`));
    return `'sha256-${createHash("sha256").update(content).digest("base64")}'`;
}
