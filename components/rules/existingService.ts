import { type Rule, show } from "../shared/checks";

/** What Azure says of a service that exists already. */
export interface FoundService {
    name: string;
    kind?: string;
    socketIO?: { serviceMode?: string };
    features?: { flag: string; value: string }[];
}

/** Only a serverless Socket.IO service hands events to a Function App. */
export const existingSocketIO: Rule<FoundService> = ({ name, kind, socketIO }) => {
    const mode = socketIO?.serviceMode ?? "Default";
    return kind === "SocketIO" && mode === "Serverless"
        ? undefined
        : `existingServiceName: ${show(name)} is of kind ${kind ?? "WebPubSub"} in mode ${mode}. Allowed: kind SocketIO in mode Serverless.`;
};

/** Web PubSub has one mode; Azure leaves the kind out where it is the first one. */
export const existingWebPubSub: Rule<FoundService> = ({ name, kind = "WebPubSub" }) =>
    kind === "WebPubSub"
        ? undefined
        : `existingServiceName: ${show(name)} is of kind ${kind}. Allowed: kind WebPubSub.`;

/** In other modes a client's connection needs an app server. */
export const existingSignalR: Rule<FoundService> = ({ name, features = [] }) => {
    const mode = features.find(({ flag }) => flag === "ServiceMode")?.value ?? "Default";
    return mode === "Serverless"
        ? undefined
        : `existingServiceName: ${show(name)} is in mode ${mode}. Allowed: mode Serverless.`;
};
