/** A resource that can be closed, or removed together with its stored data. */
export interface Closable {
    close(): Promise<void>;
    remove?(): Promise<void>;
}

export interface OpenOptions<T extends Closable> {
    /** ARM id. */
    id: string;
    start: () => Promise<T>;
    /** Called once, when the resource is closed or removed. */
    onClose?: () => void;
}

export interface OpenResources {
    /** Opens a resource and remembers it until it is closed. Throws when one with the same id is open, and after `closeAll`. */
    open<T extends Closable>(options: OpenOptions<T>): Promise<T>;
    /** Waits for resources that are opening, then closes all, last opened first. Throws the failures together at the end. */
    closeAll(): Promise<void>;
}

export function trackOpenResources(): OpenResources {
    const ids = new Set<string>();
    const open = new Set<Closable>();
    const starting = new Set<Promise<Closable>>();
    let closed = false;

    async function openResource<T extends Closable>({ id, start, onClose }: OpenOptions<T>): Promise<T> {
        const key = id.toLowerCase();
        if (closed) {
            throw new Error(`${id} cannot be opened: the emulator is closed.`);
        }
        if (ids.has(key)) {
            throw new Error(`${id} is open already. Close it before opening it again.`);
        }
        ids.add(key);
        const started = Promise.resolve().then(start);
        starting.add(started);
        const resource = await started
            .catch((error: unknown) => {
                ids.delete(key);
                throw error;
            })
            .finally(() => starting.delete(started));
        const forgetting = (end: () => Promise<void>) => async () => {
            if (open.delete(resource)) {
                ids.delete(key);
                onClose?.();
            }
            await end();
        };
        resource.close = forgetting(resource.close.bind(resource));
        if (resource.remove !== undefined) {
            resource.remove = forgetting(resource.remove.bind(resource));
        }
        open.add(resource);
        return resource;
    }

    async function closeAll(): Promise<void> {
        closed = true;
        while (starting.size > 0) {
            await Promise.allSettled(starting);
            // A resource that has started is registered as open one turn of the event loop later.
            await new Promise((resolve) => setImmediate(resolve));
        }
        const failures: unknown[] = [];
        for (const resource of [...open].reverse()) {
            await resource.close().catch((error: unknown) => failures.push(error));
        }
        if (failures.length > 0) {
            throw new AggregateError(failures, `${failures.length} resources did not close: ${failures.join("; ")}`);
        }
    }

    return { open: openResource, closeAll };
}
