#include "clients/web/bindings/reply.h"

#include "projections/texts/texts.h"

namespace clients::web {

std::string text_of(const events::Error& error) {
  using enum events::ErrorCode;
  // What acts refuse, they say in words for the person.
  if (error.code == invalid_argument || error.code == not_found) return error.message;
  return std::string(projections::advice_vi(error.code));
}

Reply reply_with_error(const events::Error& error) {
  Reply reply = reply_with([&](events::JsonWriter& json) {
    json.key("error");
    json.begin_object();
    json.member("code", events::name_of(error.code));
    json.member("text", text_of(error));
    json.member("detail", error.message);
    json.end();
  });
  reply.is_good = false;
  reply.awaits_signatures = error.code == events::ErrorCode::needs_signature;
  return reply;
}

}  // namespace clients::web
