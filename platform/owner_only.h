#pragma once

namespace platform {

/// Makes this process keep what it knows to its own user: files and folders that it makes are for
/// nobody else (umask 077), and a crash leaves no core file with keys in it.  Once, at the start of
/// a program, before it makes files or threads.
void keep_files_to_owner();
/// Only the second half: for a program whose files are meant to be handed on.
void leave_no_core();

}  // namespace platform
