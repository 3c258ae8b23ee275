import type { ServiceFrame } from "../core/service/service";
import { signingKey, type VerifyingKey } from "../core/service/tokens";

/** A key that the service gives to an app with the right role, so that the app can sign client tokens without an access key. */
export interface AppServerKey {
    KeyId: string;
    AccessKey: string;
}

export function appServerKey(frame: Pick<ServiceFrame<unknown>, "serviceKey">): AppServerKey {
    return { KeyId: "entra", AccessKey: frame.serviceKey.toString("base64") };
}

/** The same key, for checking tokens that apps signed with it. */
export function entraKey(frame: Pick<ServiceFrame<unknown>, "serviceKey">): VerifyingKey {
    return { key: signingKey(appServerKey(frame).AccessKey) };
}
