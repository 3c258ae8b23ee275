import { SecretReferenceError } from "./errors";

/** The secret that a reference names. Its vault is given by address or by name. */
export interface SecretAddress {
    vault: { origin: string } | { name: string };
    secret: string;
    version?: string;
}

/** Matches a reference, with the braces around it in URL templates, or the start of one that has no end. */
export const referencePattern =
    /\{@Microsoft\.KeyVault\(([^()]*)\)\}|@Microsoft\.KeyVault\(([^()]*)\)|@Microsoft\.KeyVault\b/gi;

const keys = ["secreturi", "vaultname", "secretname", "secretversion"] as const;
type Key = (typeof keys)[number];

/**
 * Parses the text between the parentheses, in the two forms that App Service knows:
 * `SecretUri=…`, and `VaultName=…;SecretName=…` with an optional `SecretVersion=…`. Throws `SecretReferenceError`.
 */
export function parseReference(body: string): SecretAddress {
    const fields = new Map<Key, string>();
    for (const part of body.split(";").filter((text) => text.trim() !== "")) {
        const [name = "", ...rest] = part.split("=");
        const key = keys.find((candidate) => candidate === name.trim().toLowerCase());
        if (key === undefined || rest.length === 0) {
            // The value is not shown, because it may be a secret in the wrong place.
            throw malformed(`${rest.length === 0 ? "…" : `${name.trim()}=…`}`);
        }
        fields.set(key, rest.join("=").trim());
    }
    const uri = fields.get("secreturi");
    if (uri !== undefined) {
        return parseSecretUri(uri);
    }
    const vault = fields.get("vaultname") ?? "";
    const secret = fields.get("secretname") ?? "";
    if (vault === "" || secret === "") {
        throw malformed([...fields].map(([key, value]) => `${key}=${value}`).join(";"));
    }
    return { vault: { name: vault }, secret, ...versionField(fields.get("secretversion")) };
}

export function malformed(shown: string): SecretReferenceError {
    return new SecretReferenceError(
        `Key Vault reference @Microsoft.KeyVault(${shown}) is malformed. ` +
            "Write @Microsoft.KeyVault(SecretUri=<secret's URI>) or " +
            "@Microsoft.KeyVault(VaultName=<vault>;SecretName=<secret>;SecretVersion=<version, optional>).",
    );
}

function parseSecretUri(uri: string): SecretAddress {
    const url = URL.canParse(uri) ? new URL(uri) : undefined;
    const [collection, secret, version, ...rest] = url?.pathname.split("/").filter((part) => part !== "") ?? [];
    if (url === undefined || collection !== "secrets" || secret === undefined || rest.length > 0) {
        // The query is not shown, because it may hold a signature.
        throw malformed(`SecretUri=${url === undefined ? "…" : `${url.origin}${url.pathname}`}`);
    }
    return { vault: { origin: url.origin.toLowerCase() }, secret, ...versionField(version) };
}

function versionField(version: string | undefined): { version?: string } {
    return version === undefined || version === "" ? {} : { version };
}
