import { type Rule, show } from "./checks";

/** The address of a host name: https, except on this machine, as the Functions host itself decides. */
export function hostUrl(hostName: string): string {
    return `${hostName.startsWith("localhost:") ? "http" : "https"}://${hostName}`;
}

/** Where an extension listens on a Function App. `code` goes in as it is: encoded, or a Key Vault reference. */
export function webhookUrl({ hostName, extension, code }: Record<"hostName" | "extension" | "code", string>): string {
    return `${hostUrl(hostName)}/runtime/webhooks/${extension}?code=${code}`;
}

/** A URL template names an absolute http(s) address; placeholders such as `{hub}` stand in path or query only. */
export function urlTemplateRule(placeholders: readonly string[]): Rule<string> {
    const words = placeholders
        .map((name) => `{${name}}`)
        .join(", ")
        .replace(/, ([^,]*)$/, " and $1");
    const advice = `Allowed: an absolute http or https URL, with ${words} in its path or query only.`;
    const inHost = new RegExp(`\\{(${placeholders.join("|")})\\}`, "i");
    return (value) => {
        if (typeof value !== "string" || value === "") {
            return `a handler needs a URL. ${advice}`;
        }
        const [, authority] = /^https?:\/\/([^/?#]*)/i.exec(value) ?? [];
        // The query may hold the key, so only what stands before it is shown.
        const shown = show(value.split("?")[0]);
        if (!authority) {
            return `${shown} is not a URL. ${advice}`;
        }
        if (inHost.test(authority)) {
            return `${shown} has a placeholder in its host. ${advice}`;
        }
        return URL.canParse(`http://${authority}`) ? undefined : `${shown} has no valid host. ${advice}`;
    };
}

/** A rule for an absolute address. Its query may hold a signature, so only what stands before it is shown. */
export const urlRule: Rule<string> = (value) =>
    /^https?:\/\/[^/?#\s]+/i.test(value) && URL.canParse(value)
        ? undefined
        : `${show(value.split("?")[0])} is not a URL. Allowed: an absolute http or https URL.`;
