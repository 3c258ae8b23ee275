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

    constructor(options: { status: number; code: string; message: string; innerCode?: string }) {
        super(options.message);
        this.status = options.status;
        this.code = options.code;
        this.innerCode = options.innerCode;
    }
}

export function notFound(name: string): VaultError {
    const message = `A secret with (name/id) ${name} was not found in this key vault. It may have been deleted.`;
    return new VaultError({ status: 404, code: "SecretNotFound", message });
}
