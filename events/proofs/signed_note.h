#pragma once

#include "events/base/result.h"
#include "events/crypto/signature.h"

#include <string>
#include <string_view>

namespace events {

/// A text with the Ed25519 signature of a named key behind it, in the form of C2SP signed-note
/// 1.0.0, so that programs nobody here wrote can check it: the text, an empty line, and
/// "— <name> <base64 of key id and signature>".
///
/// Expects: `text` ends in a line feed and holds no other control character; `name` is not empty
///          and has neither blanks nor '+'.
std::string sign_note(std::string_view text, std::string_view name, const SigningKey& key);

/// The text of `note` when the key of that name signed it.  Lines of other keys are skipped.
/// Errors: malformed: not a note; bad_signature: this key did not sign it.
Result<std::string> verify_note(std::string_view note, std::string_view name, const PublicKey& key);

/// RFC 4648 section 4 with padding, as notes and checkpoints have it.
std::string to_base64(ByteView bytes);
/// Errors: malformed.
Result<Bytes> from_base64(std::string_view text);

}  // namespace events
