import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

export interface Page {
    html: string;
    /** Content-Security-Policy that allows only this page's own script and style. */
    policy: string;
}

let loaded: Promise<Page> | undefined;

/** The page. It is read at the first request, so that a cold start for an event does not wait for it. */
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
        // Any https and wss host is allowed, because the service may have a custom domain.
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
