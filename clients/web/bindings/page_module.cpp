// The module as a browser loads it: each function of page_calls.h under its name.

#include "clients/web/bindings/page_calls.h"

#include <emscripten.h>

#include <array>
#include <cstdint>

extern "C" {
/// Draws bytes from crypto.getRandomValues(); given by the page's glue.
void kh_random(std::uint8_t* bytes, std::uint32_t size);
}

namespace {

std::array<std::uint8_t, 32> draw() {
  std::array<std::uint8_t, 32> drawn{};
  kh_random(drawn.data(), drawn.size());
  return drawn;
}

clients::web::PageDevice& device() {
  static clients::web::PageDevice one(draw);
  return one;
}

/// What the last call answered, at one place in memory.
struct Answer {
  std::uint32_t status;  ///< 0 good, 1 not, 2: something has to be signed first.
  const void* json;
  std::uint32_t json_size;
  const void* bytes;
  std::uint32_t bytes_size;
  const void* rows;
  std::uint32_t rows_size;
};

clients::web::Reply reply;
events::Bytes rows;
Answer answer;

}  // namespace

extern "C" {

/// The number of the function of that name; −1 when this module has none.
EMSCRIPTEN_KEEPALIVE int kh_find(const char* name) {
  int number = 0;
  for (const clients::web::NamedCall& call : clients::web::page_calls()) {
    if (call.name == name) return call.call == nullptr ? -1 : number;
    ++number;
  }
  return -1;
}

/// Makes the call; the answer stands until the next one.
EMSCRIPTEN_KEEPALIVE const Answer* kh_call(int number, const std::uint8_t* input,
                                           std::uint32_t size) {
  const auto calls = clients::web::page_calls();
  reply = clients::web::make_call(calls[static_cast<std::size_t>(number)], device(), {input, size});
  rows = clients::web::packed_changes(device());
  const std::uint32_t status = reply.is_good ? 0 : 1;
  answer = {reply.awaits_signatures ? 2 : status,           reply.json.data(),
            static_cast<std::uint32_t>(reply.json.size()),  reply.bytes.data(),
            static_cast<std::uint32_t>(reply.bytes.size()), rows.data(),
            static_cast<std::uint32_t>(rows.size())};
  return &answer;
}
}
