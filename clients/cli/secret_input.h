#pragma once

#include "clients/cli/keyring.h"
#include "events/result.h"

#include <optional>
#include <string>

namespace clients {

/// Where a PIN or key file may come from, besides somebody typing it.
struct SecretSources {
  std::string pin_file;  ///< First line is the PIN; only its owner may read it.
  std::string key_file;
};

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
