import type { SecretReferences } from "../../vault/index";
import { type Clock, isValid, type Validity } from "../clock";
import { encodePart } from "../encodePart";
import { messageOf } from "../errors";
import { UpstreamError } from "./errors";

export interface UrlTemplateValues {
    hub: string;
    event: string;
    /** Reads the secret of a Key Vault reference. Without this function, references stay in the URL. */
    resolve?(reference: string): string;
}

const placeholder = /\{(?:(hub|event)|(@Microsoft\.KeyVault\([^()]*\)))\}/gi;

/** Replaces `{hub}`, `{event}` and Key Vault references by percent-encoded values. Any other `{x}` stays. */
export function expandUrlTemplate(template: string, values: UrlTemplateValues): string {
    return template.replace(placeholder, (whole: string, name: string | undefined, reference: string | undefined) => {
        if (reference !== undefined) {
            return values.resolve === undefined ? whole : encodePart(values.resolve(reference));
        }
        return encodePart(name?.toLowerCase() === "hub" ? values.hub : values.event);
    });
}

export interface UrlResolverOptions {
    clock: Clock;
    references: SecretReferences;
    /** The service's own identity, which reads the secrets. */
    principalId(): string | undefined;
    /** Milliseconds that every secret and every failure to read one is kept, as on Azure. By default a failure is not kept. */
    refreshMilliseconds?: number;
    /** Called with cause and remedy when a secret cannot be read and the failure is kept. */
    onUnreadable?(message: string): void;
}

/** The URLs of one event handler: one for events, and one for the handshake, in which `{event}` is `validate`. */
export interface HandlerUrls {
    call: string;
    validate: string;
}

export type UrlResolver = (template: string, values: { hub: string; event: string }) => HandlerUrls;

/** A secret, or why there is none, and the identity that asked for it. */
interface KnownSecret extends Validity {
    principalId: string | undefined;
    value: string | UpstreamError;
}

/**
 * The service reads a secret again after this long, or after the URL or the identity has changed.
 * Source: Azure's page on upstream endpoints (azure-signalr/concept-upstream).
 */
const rereadAfter = 30 * 60 * 1000;

/** Expands templates. Remembers the secrets, so that an event costs no vault call. Throws `UpstreamError`, or the vault's error. */
export function createUrlResolver(options: UrlResolverOptions): UrlResolver {
    const secrets = new Map<string, KnownSecret>();
    const settled = new Map<string, HandlerUrls & Omit<KnownSecret, "value">>();

    function isFresh(known: Omit<KnownSecret, "value">): boolean {
        return isValid(known, options.clock.now()) && known.principalId === options.principalId();
    }

    function read(reference: string): KnownSecret {
        const known = secrets.get(reference);
        if (known !== undefined && isFresh(known)) {
            return known;
        }
        const secret = readNow(reference);
        secrets.set(reference, secret);
        return secret;
    }

    function readNow(reference: string): KnownSecret {
        const { clock, references, refreshMilliseconds } = options;
        const principalId = options.principalId();
        const from = clock.now();
        const next = from + (refreshMilliseconds ?? rereadAfter);
        try {
            const value = references.resolve({ text: reference, principalId });
            const isKept = refreshMilliseconds === undefined && isVersioned(reference);
            return { principalId, value, from, until: isKept ? Number.POSITIVE_INFINITY : next };
        } catch (error) {
            if (refreshMilliseconds === undefined) {
                throw error;
            }
            const time = `${new Date(next).toISOString().slice(0, 19)}Z`;
            options.onUnreadable?.(
                `${messageOf(error).replace(/\.$/, "")}. The events to this URL fail until ${time}, when the service reads the secret again. ` +
                    "Let the secret and the identity's role be there some minutes before the first event. " +
                    "A change of the event URL or of the identity makes the service read at once.",
            );
            const value = new UpstreamError(
                `the Key Vault secret in the URL could not be read; the next read is at ${time}.`,
            );
            return { principalId, value, from, until: next };
        }
    }

    return (template, values) => {
        const known = settled.get(template);
        if (known !== undefined && isFresh(known)) {
            return known;
        }
        let from = Number.NEGATIVE_INFINITY;
        let until = Number.POSITIVE_INFINITY;
        const resolve = (reference: string): string => {
            const secret = read(reference);
            if (typeof secret.value !== "string") {
                throw secret.value;
            }
            from = Math.max(from, secret.from);
            until = Math.min(until, secret.until);
            return secret.value;
        };
        const call = expandUrlTemplate(template, { ...values, resolve });
        const validate = expandUrlTemplate(template, { hub: values.hub, event: "validate", resolve });
        requireHttp(call, template);
        const urls = { call, validate, from, until, principalId: options.principalId() };
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
