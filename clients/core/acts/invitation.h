#pragma once

#include "events/base/result.h"
#include "events/crypto/signature.h"

#include <string>
#include <string_view>

namespace clients {

/// What a device enrols with, as a person is given it: the one-time code, and behind it the
/// fingerprint of the log's key, by which the device knows the server at its first contact.  The
/// fingerprint never travels.
struct Invitation {
  std::string code;         ///< 16 letters and digits of Crockford's base 32.
  std::string fingerprint;  ///< 10 more, see key_fingerprint().

  /// As people read it: "ABCD-EFGH-2345-6789-ABCDE-FGH23".
  std::string spelled() const;
  bool operator==(const Invitation&) const = default;
};

/// The invitation with `code` to the log that `log_key` signs.
Invitation make_invitation(std::string code, const events::PublicKey& log_key);

/// The invitation as somebody typed it: dashes and blanks are dropped, small letters raised, I and
/// L read as 1, O as 0.
/// Errors:  invalid_argument: not 26 letters and digits of the alphabet; 16 are a code without the
///          fingerprint, and the message says so.
events::Result<Invitation> read_invitation(std::string_view typed);

}  // namespace clients
