#pragma once

#include "events/archive/json_writer.h"
#include "events/base/bytes.h"
#include "events/base/result.h"

#include <string>

namespace clients::web {

/// What a call answers.
struct Reply {
  bool is_good = true;
  bool awaits_signatures = false;  ///< `json` has "to_sign": see make_call().
  std::string json;                ///< An object; `{"error": …}` when the call failed.
  events::Bytes bytes;             ///< Frames to send, or a file.
};

/// What a call gives that has no more to say than `json` writes.
template <class Write>
Reply reply_with(Write write) {
  Reply reply;
  events::JsonWriter json(reply.json);
  json.begin_object();
  write(json);
  json.end();
  return reply;
}

/// An error as a page shows it: `{"error": {"code", "text", "detail"}}`.  `text` is Vietnamese and
/// says what to do; `detail` is English, for whoever helps.
Reply reply_with_error(const events::Error& error);
/// The text of an error for the person: what an act said itself, or the catalogue's advice.
std::string text_of(const events::Error& error);

}  // namespace clients::web
