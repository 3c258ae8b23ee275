import type { SecretReferences } from "../../vault/index";
import type { Clock } from "../clock";
import { UpstreamError } from "./errors";

export interface UrlTemplateValues {
    hub: string;
    event: string;
    /** Reads the secret of a Key Vault reference. Without this function, references stay in the URL. */
    resolve?(reference: string): string;
}

const placeholder = /\{(?:(hub|event)|(@Microsoft\.KeyVault\([^)]*\)))\}/gi;

/** Replaces `{hub}`, `{event}` and Key Vault references by percent-encoded values. Any other `{x}` stays. */
export function expandUrlTemplate(template: string, values: UrlTemplateValues): string {
    return template.replace(placeholder, (whole: string, name: string | undefined, reference: string | undefined) => {
        if (reference !== undefined) {
            return values.resolve === undefined ? whole : encodeURIComponent(values.resolve(reference));
        }
        return encodeURIComponent(name?.toLowerCase() === "hub" ? values.hub : values.event);
    });
}

export interface UrlResolverOptions {
    clock: Clock;
    references: SecretReferences;
    /** The service's own identity, which reads the secrets. */
    principalId(): string | undefined;
}

/** The URLs of one event handler: one for events, and one for the handshake, in which `{event}` is `validate`. */
export interface HandlerUrls {
    call: string;
    validate: string;
}

export type UrlResolver = (template: string, values: { hub: string; event: string }) => HandlerUrls;

/** The service reads an unversioned secret again after this long. Source: Azure's page on Key Vault references in URL templates. */
const rereadAfter = 30 * 60 * 1000;

/** Expands templates. Remembers the secrets, so that an event costs no vault call. Throws `UpstreamError`, or the vault's error. */
export function createUrlResolver(options: UrlResolverOptions): UrlResolver {
    const secrets = new Map<string, { value: string; until: number }>();
    const settled = new Map<string, HandlerUrls & { until: number }>();

    function read(reference: string): { value: string; until: number } {
        const known = secrets.get(reference);
        if (known !== undefined && known.until > options.clock.now()) {
            return known;
        }
        const value = options.references.resolve({ text: reference, principalId: options.principalId() });
        const until = isVersioned(reference) ? Number.POSITIVE_INFINITY : options.clock.now() + rereadAfter;
        const secret = { value, until };
        secrets.set(reference, secret);
        return secret;
    }

    return (template, values) => {
        const known = settled.get(template);
        if (known !== undefined && known.until > options.clock.now()) {
            return known;
        }
        let until = Number.POSITIVE_INFINITY;
        const resolve = (reference: string): string => {
            const secret = read(reference);
            until = Math.min(until, secret.until);
            return secret.value;
        };
        const call = expandUrlTemplate(template, { ...values, resolve });
        const validate = expandUrlTemplate(template, { hub: values.hub, event: "validate", resolve });
        requireHttp(call, template);
        const urls = { call, validate, until };
        if (!/\{event\}/i.test(template)) {
            settled.set(template, urls);
        }
        return urls;
    };
}

function isVersioned(reference: string): boolean {
    return /SecretVersion=[^;)]/i.test(reference) || /\/secrets\/[^/;)]+\/[^/;)]+/i.test(reference);
}

function requireHttp(url: string, template: string): void {
    const protocol = URL.canParse(url) ? new URL(url).protocol : "";
    if (protocol === "http:" || protocol === "https:") {
        return;
    }
    // The query is left out, because it holds keys.
    const shown = template.split("?")[0];
    throw new UpstreamError(
        protocol === "tunnel:"
            ? `The URL template '${shown}' needs awps-tunnel, which is not emulated. Give the address of the function app.`
            : `The URL template '${shown}' does not give an absolute http or https URL.`,
    );
}
