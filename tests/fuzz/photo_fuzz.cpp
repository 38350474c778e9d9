// Whatever file somebody attaches as evidence: it is refused with a reason, or fits the bounds of
// files, keeps its kind and has a thumbnail.

#include "clients/device/jpeg.h"
#include "clients/device/picture.h"
#include "events/base/check.h"
#include "events/kinds/evidence_events.h"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using events::Bytes;
  const events::ByteView bytes(data, size);
  // Of a small picture only, so that a fuzzer spends its time on readers and not on scaling.
  if (const auto picture = clients::open_jpeg(bytes, 16); !picture) {
    CHECK(!picture.error().message.empty(), "an error says what is wrong");
  }
  const auto file = clients::fit_evidence(Bytes(bytes.begin(), bytes.end()));
  if (!file) {
    CHECK(!file.error().message.empty(), "an error says what is wrong");
    return 0;
  }
  CHECK(file->bytes.size() <= events::original_bytes_max, "a file fits its bound");
  CHECK(clients::media_type_of(file->bytes) == file->media, "a file is of the kind it says");
  const auto thumbnail = clients::thumbnail_of(*file);
  if (thumbnail && *thumbnail) {
    CHECK((*thumbnail)->size() <= events::thumbnail_bytes_max, "a thumbnail fits its bound");
    CHECK(clients::open_jpeg(**thumbnail, 16), "a thumbnail is a picture");
  }
  return 0;
}
