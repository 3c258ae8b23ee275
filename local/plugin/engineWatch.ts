import * as grpc from "@grpc/grpc-js";

const patienceMilliseconds = 5_000;

/**
 * Calls `onGone` when nothing answers at the engine's address any more. A CLI that is killed does not stop its plugins, so each
 * of them must see to its own end.
 */
export function watchEngine({
    address,
    onGone,
    patience = patienceMilliseconds,
}: {
    address: string;
    onGone(): void;
    patience?: number;
}): void {
    const client = new grpc.Client(address, grpc.credentials.createInsecure());
    const connect = () =>
        client.waitForReady(Date.now() + patience, (error) => {
            if (error) {
                client.close();
                onGone();
                return;
            }
            // The connection stays open until the engine ends or the library finds it idle.
            client.getChannel().watchConnectivityState(grpc.connectivityState.READY, Number.POSITIVE_INFINITY, connect);
        });
    connect();
}
