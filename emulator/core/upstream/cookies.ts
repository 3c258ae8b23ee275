import { parseCookie } from "undici";

interface StoredCookie {
    name: string;
    value: string;
    host: string;
    path: string;
    secure: boolean;
    /** Milliseconds since the Unix epoch; undefined for a cookie that lasts as long as the connection. */
    expires: number | undefined;
}

/** Cookies that event handlers set for one connection. Session affinity of App Service needs them sent back. */
export interface CookieJar {
    header(url: URL, now: number): string | undefined;
    store(options: { url: URL; setCookie: readonly string[]; now: number }): void;
}

export function createCookieJar(): CookieJar {
    let cookies: StoredCookie[] = [];
    return {
        header(url, now) {
            const matching = cookies.filter((cookie) => isFor(cookie, url) && (cookie.expires ?? now + 1) > now);
            return matching.length === 0 ? undefined : matching.map(({ name, value }) => `${name}=${value}`).join("; ");
        },
        store({ url, setCookie, now }) {
            for (const text of setCookie) {
                const cookie = toStored({ text, url, now });
                if (cookie !== undefined) {
                    cookies = cookies.filter((old) => !isSame(old, cookie));
                    cookies.push(cookie);
                }
            }
        },
    };
}

function toStored({ text, url, now }: { text: string; url: URL; now: number }): StoredCookie | undefined {
    const cookie = parseCookie(text);
    if (cookie === null || cookie.name === "") {
        return undefined;
    }
    const lifetime = cookie.maxAge === undefined ? cookie.expires : now + cookie.maxAge * 1000;
    return {
        name: cookie.name,
        value: cookie.value,
        host: url.host,
        path: cookie.path?.startsWith("/")
            ? cookie.path
            : url.pathname.slice(0, Math.max(1, url.pathname.lastIndexOf("/"))),
        secure: cookie.secure ?? false,
        expires: lifetime === undefined ? undefined : Number(lifetime),
    };
}

/** A cookie goes back only to the host that set it. Its `Domain` is ignored. */
function isFor(cookie: StoredCookie, url: URL): boolean {
    const below = url.pathname === cookie.path || url.pathname.startsWith(cookie.path.replace(/\/?$/, "/"));
    return cookie.host === url.host && below && (!cookie.secure || url.protocol === "https:");
}

function isSame(a: StoredCookie, b: StoredCookie): boolean {
    return a.name === b.name && a.host === b.host && a.path === b.path;
}
