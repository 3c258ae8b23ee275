/** A Key Vault reference is malformed, or its vault or secret does not exist. The message holds no secret. */
export class SecretReferenceError extends Error {
    override readonly name = "SecretReferenceError";
}

/** The vault refuses a request, with an error of Key Vault's API. */
export class VaultError extends Error {
    override readonly name = "VaultError";
    readonly status: number;
    readonly code: string;
    readonly innerCode: string | undefined;
    /** What Azure says. */
    readonly sentence: string;
    /** What only the emulator can add; the error's message has both. */
    readonly hint: string | undefined;

    constructor(options: { status: number; code: string; message: string; innerCode?: string; hint?: string }) {
        super(options.hint === undefined ? options.message : `${options.message} ${options.hint}.`);
        this.sentence = options.message;
        this.hint = options.hint;
        this.status = options.status;
        this.code = options.code;
        this.innerCode = options.innerCode;
    }
}

/** A soft-deleted secret holds its name. Source: Key Vault's own sentence, in issue 9222 of Azure/azure-rest-api-specs. */
export function heldName(name: string): VaultError {
    const message =
        `Secret ${name} is currently in a deleted but recoverable state, and its name cannot be reused; ` +
        "in this state, the secret can only be recovered or purged.";
    return new VaultError({ status: 409, code: "Conflict", innerCode: "ObjectIsDeletedButRecoverable", message });
}

export function notFound(name: string): VaultError {
    const message = `A secret with (name/id) ${name} was not found in this key vault. It may have been deleted.`;
    return new VaultError({ status: 404, code: "SecretNotFound", message });
}

/** Source of code and sentence: Azure's answers as public reports of 2026 quote them. */
export function closedNetwork(reason: string): VaultError {
    const message =
        "Public network access is disabled and request is not from a trusted service nor via an approved private link.";
    return new VaultError({
        status: 403,
        code: "Forbidden",
        innerCode: "ForbiddenByConnection",
        message,
        hint: `Here ${reason}`,
    });
}
