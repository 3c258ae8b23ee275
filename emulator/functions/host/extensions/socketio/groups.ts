/** Group that holds the connections of all sockets in a namespace. */
export function namespaceGroup(namespace: string): string {
    return `0~${encode(namespace)}~`;
}

/** Group that holds the connections of the sockets in a room. A socket's own id is a room too. */
export function roomGroup({ namespace, room }: { namespace: string; room: string }): string {
    return `${namespaceGroup(namespace)}${encode(room)}`;
}

/**
 * Filter for the sockets in rooms and not in others. With several rooms and exceptions the exceptions bind to the last room only,
 * because `and` comes before `or`: so the vendor's extension writes it, and so it is here.
 */
export function roomFilter(options: {
    namespace: string;
    rooms?: readonly string[];
    exceptRooms?: readonly string[];
    /** Without rooms: name the whole namespace instead of nothing. */
    withNamespace: boolean;
}): string {
    const { namespace, rooms = [], exceptRooms = [] } = options;
    const within = (room: string) => `'${roomGroup({ namespace, room })}' in groups`;
    const included =
        rooms.length > 0
            ? rooms.map(within).join(" or ")
            : options.withNamespace
              ? `'${namespaceGroup(namespace)}' in groups`
              : "";
    const excluded = exceptRooms.map((room) => `not (${within(room)})`).join(" and ");
    return [included, excluded].filter((part) => part !== "").join(" and ");
}

function encode(text: string): string {
    return Buffer.from(text).toString("base64url");
}
