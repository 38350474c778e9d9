#include "clients/web/bindings/page_photos.h"

#include "clients/core/acts/typed_text.h"
#include "clients/web/bindings/audience.h"
#include "clients/web/bindings/json_rows.h"
#include "clients/web/bindings/page_views.h"

#include <algorithm>
#include <limits>
#include <string_view>

namespace clients::web {

using events::ByteView;
using events::Digest;
using events::ErrorCode;
using events::FilePart;
using events::JsonWriter;
using events::Result;
namespace protocol = events::protocol;

namespace {

bool is_jpeg(ByteView bytes) {
  return bytes.size() > 3 && bytes[0] == 0xFF && bytes[1] == 0xD8 && bytes[2] == 0xFF;
}

/// How far a photo is, never better than it is.
std::string_view state_of(const FileHere& file, const FileRecords::Names& damaged) {
  if (file.is_stored) return "received";
  if (!file.is_own) return "elsewhere";
  return file.is_here && damaged.count(file.name) == 0 ? "device_only" : "damaged";
}

void write_photo(JsonWriter& json, const FileHere& file, bool has_thumbnail,
                 const FileRecords::Names& damaged, const FileRecords::Names& wanted) {
  json.begin_object();
  write_id(json, "id", file.name.attached);
  json.member("state", state_of(file, damaged));
  json.member("bytes", std::uint64_t{file.size});
  json.member("media", events::word_of(file.media));
  write_flag(json, "here", file.is_here);
  write_flag(json, "thumbnail", has_thumbnail);
  write_flag(json, "wanted", wanted.count(file.name) != 0);
  json.end();
}

}  // namespace

std::optional<acts::EvidenceFiles> read_photo(ActSheet& sheet) {
  const ByteView photo = sheet.bytes("photo");
  const ByteView thumbnail = sheet.bytes("thumbnail");
  const std::uint64_t size = photo.empty() ? sheet.number("photo_size") : photo.size();
  if (size == 0) return std::nullopt;
  // Only what is judged may come without its bytes.
  const bool is_complete = is_jpeg(photo) && (thumbnail.empty() || is_jpeg(thumbnail));
  if (photo.empty() ? !sheet.flag("dry") : !is_complete) sheet.add_problem("photo", {});
  acts::EvidenceFiles files;
  const std::uint64_t size_max = std::numeric_limits<std::uint32_t>::max();
  files.original.size = static_cast<std::uint32_t>(std::min(size, size_max));
  files.original.media = events::MediaType::jpeg;
  if (!photo.empty()) files.original.sha256 = events::sha256(photo);
  if (!thumbnail.empty()) {
    files.thumbnail = events::ThumbnailFile{events::sha256(thumbnail),
                                            static_cast<std::uint32_t>(thumbnail.size())};
  }
  return files;
}

Result<void> keep_photo(PageDevice& device, const ActSheet& sheet,
                        const events::EvidenceAttached& attached) {
  PageFiles& files = device.files();
  if (Result<void> put = files.put(attached.original.sha256, sheet.bytes("photo")); !put) {
    return put;
  }
  if (!attached.thumbnail) return {};
  return files.put(attached.thumbnail->sha256, sheet.bytes("thumbnail"));
}

Reply show_photo(PageDevice& device, const Fields& fields, events::Timestamp) {
  if (device.is_locked() || device.replica().hides_privates()) {
    return reply_with_error({ErrorCode::locked, "the device is locked, or its lease is over"});
  }
  const Result<events::EventId> attached = parse_event_id(fields.text("file"));
  if (!attached) return reply_with_error(attached.error());
  const bool is_small = fields.text("part") == events::word_of(FilePart::thumbnail);
  const protocol::FileName file{*attached, is_small ? FilePart::thumbnail : FilePart::original};
  const projections::EvidenceFile* const row =
      device.workspace().pending().evidence_files().find(*attached);
  if (row == nullptr || !row->part(file.part).is_named()) {
    return reply_with_error({ErrorCode::not_found, "no event here attaches such a file"});
  }
  const Digest& sha256 = row->part(file.part).sha256;
  if (fields.has("pieces")) {
    Result<events::Bytes> bytes = device.files().open(sha256, fields.bytes("pieces"));
    if (!bytes) return reply_with_error(bytes.error());
    Reply reply = reply_with([](JsonWriter&) {});
    reply.bytes = std::move(*bytes);
    return reply;
  }
  const Result<bool> is_here = device.files().contains(sha256);
  if (!is_here) return reply_with_error(is_here.error());
  if (!*is_here && fields.flag("want")) {
    if (Result<void> noted = FileRecords(device.replica().store()).want(file); !noted) {
      return reply_with_error(noted.error());
    }
    if (FileFetch* const files = device.file_sync()) files->plan_again();
  }
  return reply_with([&](JsonWriter& json) {
    json.member("name", events::to_hex(sha256.bytes));
    write_flag(json, "here", *is_here);
  });
}

Reply choose_originals(PageDevice& device, const Fields& fields, events::Timestamp) {
  const std::optional<OriginalsPolicy> when = parse_policy(fields.text("when"));
  if (!when) return reply_with_error({ErrorCode::invalid_argument, "no such policy"});
  const Result<void> kept = FileRecords(device.replica().store()).set_policy(*when);
  if (!kept) return reply_with_error(kept.error());
  if (FileFetch* const files = device.file_sync()) files->plan_again();
  return show_sync(device);
}

Reply show_photos(PageDevice& device, const Fields& fields, events::Timestamp) {
  const Result<events::EventId> dossier = parse_event_id(fields.text("dossier"));
  if (!dossier) return reply_with_error(dossier.error());
  const FileRecords records(device.replica().store());
  const Result<FileRecords::Names> damaged = records.damaged();
  if (!damaged) return reply_with_error(damaged.error());
  const Result<FileRecords::Names> wanted = records.wanted();
  if (!wanted) return reply_with_error(wanted.error());
  const std::vector<FileHere> files =
      files_here(device.workspace().pending(), device.replica().identity().chain, device.files());
  return reply_with([&](JsonWriter& json) {
    json.key("photos");
    json.begin_list();
    protocol::FileName thumbnail_here;
    for (const FileHere& file : files) {
      if (file.dossier.event != *dossier) continue;
      // The thumbnail of an event comes before its original.
      if (file.name.part == FilePart::thumbnail) {
        if (file.is_here) thumbnail_here = file.name;
        continue;
      }
      const bool has_thumbnail = thumbnail_here.attached == file.name.attached;
      write_photo(json, file, has_thumbnail, *damaged, *wanted);
    }
    json.end();
  });
}

void write_unsent_photos(JsonWriter& json, PageDevice& device) {
  FileCounts counts;
  if constexpr (has_acts) {
    const Result<FileCounts> read = file_counts_of(device.replica(), device.files());
    if (read) counts = *read;
  }
  json.member("photos", counts.originals.count);
  json.member("photo_bytes", counts.originals.bytes + counts.thumbnails.bytes);
  json.member("photos_damaged", counts.damaged);
  const Result<OriginalsPolicy> policy = FileRecords(device.replica().store()).policy();
  json.member("originals", policy ? word_of(*policy) : std::string_view{});
}

void write_files_under_way(JsonWriter& json, PageDevice& device) {
  const FileFetch* const files = device.file_sync();
  if (files == nullptr) return;
  const FileProgress progress = files->progress();
  json.key("files");
  json.begin_object();
  write_flag(json, "idle", files->is_idle());
  json.member("held_back", std::uint64_t{progress.files_held_back});
  json.member("to_fetch", std::uint64_t{progress.files_to_fetch});
  json.member("sent", std::uint64_t{progress.files_sent});
  json.member("fetched", std::uint64_t{progress.files_fetched});
  json.member("bytes_sent", progress.bytes_sent);
  json.end();
  json.key("wants");
  json.begin_row();
  for (const std::string& name : device.files().asked()) json.text(name);
  json.end();
}

}  // namespace clients::web
