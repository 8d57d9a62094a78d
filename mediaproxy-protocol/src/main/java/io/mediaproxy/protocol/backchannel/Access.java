package io.mediaproxy.protocol.backchannel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Owner, group and mode of a file, from which follows who may write to it. Thread-safe.
 *
 * @param owner name of the user
 * @param group name of the group
 * @param mode permissions
 */
record Access(String owner, String group, Set<PosixFilePermission> mode) {
    private static final Path GROUPS = Path.of("/etc/group");
    private static final Pattern COLON = Pattern.compile(":");
    private static final Pattern COMMA = Pattern.compile(",");

    /** Fields of a line in {@code group(5)}: name, password, id, members. */
    private static final int GROUP_FIELDS = 4;

    static Access of(Path path) throws IOException {
        PosixFileAttributes file = Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        return new Access(file.owner().getName(), file.group().getName(), Set.copyOf(file.permissions()));
    }

    /** Returns the user and the group of this process; the mode has no meaning. */
    static Optional<Access> ofThisProcess() {
        try {
            return Optional.of(of(Path.of("/proc/self/stat")));
        } catch (IOException | UnsupportedOperationException e) { // not Linux
            return Optional.empty();
        }
    }

    /**
     * Returns the advice for a dispatcher that cannot send to the back channel, if this follows from the files.
     *
     * @param socket of the back channel
     * @param dispatcherSocket where the dispatcher listens, of which it is the owner
     */
    static Optional<String> advice(Path socket, Path dispatcherSocket) throws IOException {
        List<String> groups = Files.isReadable(GROUPS) ? Files.readAllLines(GROUPS) : List.of();
        return of(socket).advice(socket, of(dispatcherSocket), groups);
    }

    /**
     * As {@link #advice(Path, Path)}, for a file with this access.
     *
     * @param dispatcher access of the dispatcher's socket
     * @param groups lines of {@code group(5)}
     */
    Optional<String> advice(Path socket, Access dispatcher, List<String> groups) {
        if (isWritableBy(dispatcher, groups)) {
            return Optional.empty();
        }
        return Optional.of("the dispatcher (user " + dispatcher.owner + ", group " + dispatcher.group
                + ") cannot write to " + socket + " (" + this + "), and drops its relay at each media timeout: run"
                + " 'usermod -aG " + group + ' ' + dispatcher.owner + "' and restart the dispatcher, or configure"
                + " permissions that include it");
    }

    private boolean isWritableBy(Access user, List<String> groups) {
        if (user.owner.equals("root")) {
            return true;
        }
        if (user.owner.equals(owner)) {
            return mode.contains(PosixFilePermission.OWNER_WRITE);
        }
        if (user.group.equals(group) || isMember(user.owner, groups)) {
            return mode.contains(PosixFilePermission.GROUP_WRITE);
        }
        return mode.contains(PosixFilePermission.OTHERS_WRITE);
    }

    private boolean isMember(String user, List<String> groups) {
        for (String line : groups) {
            String[] fields = COLON.split(line, -1);
            if (fields.length == GROUP_FIELDS
                    && fields[0].equals(group)
                    && List.of(COMMA.split(fields[GROUP_FIELDS - 1], -1)).contains(user)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public String toString() {
        return "owner " + owner + ", group " + group + ", mode " + PosixFilePermissions.toString(mode);
    }
}
