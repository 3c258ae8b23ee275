import { show } from "./checks";

interface FoundService {
    name: string;
    kind?: string;
    socketIO?: { serviceMode?: string };
}

/** Only a serverless Socket.IO service hands events to a Function App. */
export function existingServiceRule({ name, kind, socketIO }: FoundService): string | undefined {
    const mode = socketIO?.serviceMode ?? "Default";
    return kind === "SocketIO" && mode === "Serverless"
        ? undefined
        : `existingServiceName: ${show(name)} is of kind ${kind ?? "WebPubSub"} in mode ${mode}. Allowed: kind SocketIO in mode Serverless.`;
}
