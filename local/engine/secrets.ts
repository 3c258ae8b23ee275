import { createDecipheriv, pbkdf2Sync } from "node:crypto";
import { readFileSync } from "node:fs";
import { messageOf } from "../../emulator/core/errors";

/** Decrypts one `secure` value of a stack's file. Throws an error with what to do where that is impossible. */
export type Decrypt = (secure: unknown) => string;

const unlock =
    "set PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE to the stack's passphrase, or a plain value in a stack for local use";

// The format of the Pulumi SDK: sdk/go/common/resource/config/crypt.go and pkg/secrets/passphrase/manager.go.
const iterations = 1_000_000;
const keyBytes = 32;
const tagBytes = 16;

function decryptWith(key: Buffer, text: string): string {
    const [version, nonce, sealed] = text.split(":");
    if (version !== "v1" || nonce === undefined || sealed === undefined) {
        throw new Error("it is not of the form v1:<nonce>:<text>");
    }
    const bytes = Buffer.from(sealed, "base64");
    const decipher = createDecipheriv("aes-256-gcm", key, Buffer.from(nonce, "base64"));
    decipher.setAuthTag(bytes.subarray(-tagBytes));
    return Buffer.concat([decipher.update(bytes.subarray(0, -tagBytes)), decipher.final()]).toString("utf8");
}

function readPassphrase(env: NodeJS.ProcessEnv): string | undefined {
    const file = env.PULUMI_CONFIG_PASSPHRASE_FILE;
    if (env.PULUMI_CONFIG_PASSPHRASE !== undefined || file === undefined || file === "") {
        return env.PULUMI_CONFIG_PASSPHRASE;
    }
    try {
        return readFileSync(file, "utf8").trim();
    } catch (error) {
        throw new Error(`PULUMI_CONFIG_PASSPHRASE_FILE is ${file}, which cannot be read: ${messageOf(error)}`);
    }
}

/** Makes the decrypter of a stack from the salt in its file and the passphrase in the environment, as the CLI does. */
export function createDecrypt({
    salt,
    provider,
    env = process.env,
}: {
    /** `encryptionsalt` of the stack's file. */
    salt: unknown;
    /** `secretsprovider` of the stack's file. */
    provider: unknown;
    env?: NodeJS.ProcessEnv;
}): Decrypt {
    let key: Buffer | undefined;
    const open = (): Buffer => {
        if (typeof provider === "string" && provider !== "passphrase") {
            throw new Error(
                `its secrets provider is ${provider}, which only the Pulumi CLI can ask: set a plain value in a stack for local use`,
            );
        }
        if (typeof salt !== "string") {
            throw new Error(
                "its stack has no encryptionsalt, so its key is with a Pulumi service: set a plain value in a stack for local use",
            );
        }
        const passphrase = readPassphrase(env);
        if (passphrase === undefined) {
            throw new Error(unlock);
        }
        const [version, saltText = "", ...check] = salt.split(":");
        if (version !== "v1" || check.length !== 3) {
            throw new Error("the encryptionsalt of its stack is not of the form v1:<salt>:v1:<nonce>:<text>");
        }
        const made = pbkdf2Sync(passphrase, Buffer.from(saltText, "base64"), iterations, keyBytes, "sha256");
        try {
            decryptWith(made, check.join(":"));
        } catch {
            throw new Error("the passphrase does not fit the stack's encryptionsalt");
        }
        return made;
    };
    return (secure) => {
        if (typeof secure !== "string") {
            throw new Error("its secure value is not a text");
        }
        key ??= open();
        return decryptWith(key, secure);
    };
}
