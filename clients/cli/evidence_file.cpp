#include "clients/cli/evidence_file.h"

#include "clients/cli/text_file.h"
#include "clients/device/picture.h"
#include "events/base/check.h"

#include <fmt/core.h>

#include <utility>

namespace clients {

using events::Result;

namespace {

/// What a camera makes at most; it becomes smaller before it is kept.
constexpr std::size_t camera_bytes_max = 40 * 1024 * 1024;

/// Puts a file where it was not yet; tells how to name it.
Result<events::Digest> take_in(FileStore& files, events::ByteView bytes) {
  const events::Digest digest = events::sha256(bytes);
  const Result<bool> there = files.contains(digest);
  if (!there) return there.error();
  // One that is there may have worn out with the phone's flash: then these bytes replace it.
  if (*there) {
    const auto whole = files.read(digest);
    if (whole && *whole) return digest;
  }
  if (Result<void> put = files.put(digest, bytes); !put) return put.error();
  return digest;
}

}  // namespace

Result<int> attach_evidence(Session& session, const acts::Evidence& evidence,
                            const std::string& path) {
  const Result<std::string> content = read_text_file(path, camera_bytes_max);
  if (!content) return content.error();
  const events::ByteView read = events::bytes_of(*content);
  const Result<FittedFile> file = fit_evidence(events::Bytes(read.begin(), read.end()));
  if (!file) return file.error();
  const Result<std::optional<events::Bytes>> thumbnail = thumbnail_of(*file);
  if (!thumbnail) return thumbnail.error();
  const Result<Device*> device = session.device();
  if (!device) return device.error();

  // The bytes are durable before the event that names them.
  FileStore& files = (*device)->files();
  acts::EvidenceFiles named;
  const Result<events::Digest> original = take_in(files, file->bytes);
  if (!original) return original.error();
  named.original = {*original, static_cast<std::uint32_t>(file->bytes.size()), file->media};
  if (*thumbnail) {
    const Result<events::Digest> small = take_in(files, **thumbnail);
    if (!small) return small.error();
    named.thumbnail =
        events::ThumbnailFile{*small, static_cast<std::uint32_t>((*thumbnail)->size())};
  }
  const Result<int> done = session.perform([&](acts::Draft& draft, const acts::Occasion& occasion) {
    return acts::attach_evidence(draft, occasion, evidence, named);
  });
  if (done && *done == exit_ok && !session.options().json) {
    print(session.out(), "Tệp {} byte{}; tệp được gửi dần khi đồng bộ, xem bằng lệnh files.\n",
          file->bytes.size(), file->was_reduced ? " (đã thu nhỏ còn dưới 5 MB)" : "");
  }
  return done;
}

}  // namespace clients
