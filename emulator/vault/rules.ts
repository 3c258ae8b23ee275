import { isRecord } from "../core/persistence";
import { VaultError } from "./errors";
import type { NewVersion } from "./secrets";

/** Longest secret, in characters. Source: Key Vault's Set Secret reference. */
export const longestSecret = 25_600;

/** Key Vault's page size, and the largest `maxresults`. */
const largestPage = 25;

/** Versions of the data-plane API that are served. */
export const apiVersions = ["7.0", "7.1", "7.2", "7.3", "7.4", "7.5", "7.6", "2025-07-01", "2026-04-01"] as const;

const secretName = /^[0-9a-zA-Z-]{1,127}$/;

const vaultName = /^[a-zA-Z](?!.*--)[0-9a-zA-Z-]{1,22}[0-9a-zA-Z]$/;

/** Source: Azure's naming rules for `Microsoft.KeyVault/vaults`. */
export function checkVaultName(name: string): void {
    if (!vaultName.test(name)) {
        throw new RangeError(
            `Vault name "${name}" is not valid. Use 3 to 24 letters, digits and single hyphens, first a letter, last no hyphen.`,
        );
    }
}

export function checkSecretName(name: string): void {
    if (!secretName.test(name)) {
        throw badParameter(`The secret name "${name}" is not valid. Use 1 to 127 letters, digits and hyphens.`);
    }
}

/** Checks a secret's value. The error does not show it. */
export function checkSecretValue(value: unknown): string {
    if (typeof value !== "string") {
        throw badParameter('The request body must have a "value" that is a string.');
    }
    if (value.length > longestSecret) {
        throw badParameter(`The value is ${value.length} characters long. At most ${longestSecret} are allowed.`);
    }
    return value;
}

export function checkApiVersion(versions: readonly string[]): void {
    const [version] = versions;
    if (version === undefined) {
        throw badParameter("Query parameter api-version is missing. Send one, such as api-version=7.4.");
    }
    if (versions.length > 1 || !(apiVersions as readonly string[]).includes(version)) {
        throw badParameter(
            `api-version "${versions.join(", ")}" is not served. Send one of ${apiVersions.join(", ")}.`,
        );
    }
}

/** The range of a list request: `maxresults` items after the previous page. */
export function parsePage(query: URLSearchParams): { start: number; end: number } {
    const size = Number(query.get("maxresults") ?? largestPage);
    if (!Number.isInteger(size) || size < 1 || size > largestPage) {
        throw badParameter(`maxresults "${query.get("maxresults")}" is not allowed. Use 1 to ${largestPage}.`);
    }
    const start = Number(query.get("$skiptoken") ?? 0);
    if (!Number.isInteger(start) || start < 0) {
        throw badParameter("$skiptoken is not one that this vault gave.");
    }
    return { start, end: start + size };
}

/** Reads the body of a Set Secret request. */
export function parseNewVersion(body: Buffer): NewVersion {
    const { value, contentType, tags, attributes } = parseObject(body);
    return {
        value: checkSecretValue(value),
        enabled: !isRecord(attributes) || attributes.enabled !== false,
        ...(typeof contentType === "string" ? { contentType } : {}),
        ...(tags === undefined ? {} : { tags: checkTags(tags) }),
    };
}

function checkTags(tags: unknown): Record<string, string> {
    if (!isRecord(tags) || Object.values(tags).some((value) => typeof value !== "string")) {
        throw badParameter('"tags" must be an object whose values are strings.');
    }
    return tags as Record<string, string>;
}

function parseObject(body: Buffer): Record<string, unknown> {
    let json: unknown;
    try {
        json = JSON.parse(body.toString("utf8"));
    } catch {
        throw badParameter("The request body is not JSON.");
    }
    if (!isRecord(json)) {
        throw badParameter('The request body must be an object with a "value".');
    }
    return json;
}

export function badParameter(message: string): VaultError {
    return new VaultError({ status: 400, code: "BadParameter", message });
}
