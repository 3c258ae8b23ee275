/** A Key Vault reference that is malformed, or names a vault or secret that is not there. Holds no secret. */
export class SecretReferenceError extends Error {
    override readonly name = "SecretReferenceError";
}

/** An answer of the data plane that is not a success, in Key Vault's words. */
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
