#pragma once

#include "clients/device/keyring.h"
#include "events/base/result.h"

#include <optional>
#include <string>

namespace clients {

/// Where a PIN or key file may come from, besides somebody typing it.
struct SecretSources {
  std::string pin_file;  ///< First line is the PIN; only its owner may read it.
  std::string key_file;
};

/// Where a one-time code comes from.  It is a secret until it is spent, and what stands in the
/// arguments of a program every user of the machine can read.
struct CodeSources {
  std::string option;  ///< Name of the option, "--code".
  std::string given;   ///< What stands behind it: "-" for standard input; anything else is refused.
  std::string file;    ///< First line is the code; only its owner may read it.
};

/// The code as it was written: from the file, from standard input, or typed on the terminal.
/// Errors:  invalid_argument, in words for the person, with the ways to say it.
events::Result<std::string> one_time_code(const CodeSources& sources, const std::string& question);

/// What opens a device, from the options, from KHUYENHOC_PIN or KHUYENHOC_KEY_FILE; nothing when
/// none of them is there.
/// Errors:  invalid_argument, in words for the person.
events::Result<std::optional<LockSecret>> given_secret(const SecretSources& sources);

/// Asks on the terminal, without showing what is typed.
/// Errors:  locked: there is no terminal to ask on.
events::Result<LockSecret> typed_pin(const std::string& question);

/// Whether it is good enough to lock with.
/// Errors:  invalid_argument, in words for the person.
events::Result<void> check_new_secret(const LockSecret& secret);

/// The content of a key file; with `create`, 32 random bytes where there is none.
/// Errors:  invalid_argument, in words for the person.
events::Result<LockSecret> key_file_secret(const std::string& path, bool create);

}  // namespace clients
