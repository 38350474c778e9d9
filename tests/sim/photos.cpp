#include "tests/sim/photos.h"

#include "clients/core/acts/evidence.h"
#include "tests/sim/file_audit.h"
#include "tests/sim/violation.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace sim {

using events::Bytes;
using events::FilePart;
namespace protocol = events::protocol;

namespace {

constexpr std::uint64_t own_stream = 0xF0'7050'0000'0003;
constexpr unsigned seeds_percent = 33;
constexpr std::size_t pictures_max = 40;

bool takes_photos(const Officer& officer) {
  return std::ranges::any_of(officer.roles, [](events::Role role) {
    return role == events::Role::branch_head || role == events::Role::commune_clerk ||
           role == events::Role::commune_assoc_chair;
  });
}

}  // namespace

Photos::Photos(World& world, std::uint64_t seed, Tally& tally, Trace trace)
    : world_(world),
      random_(seed ^ own_stream),
      tally_(tally),
      trace_(std::move(trace)),
      play_(random_.chance(seeds_percent)) {}

void Photos::step() {
  if (!play_) return;
  for (const auto& device : world_.devices()) device->keep_files();
  if (random_.chance(12)) play();
  if (random_.chance(30)) meet();
  if (random_.chance(3)) world_.host().check_files(false);
}

Device& Photos::some_device_with_files() {
  for (int tries = 0; tries < 10; ++tries) {
    Device& device = some_device();
    if (!device.files().files().empty()) return device;
  }
  return some_device();
}

/// Somebody with photos has a line for a while: they need more of it than events do.
void Photos::meet() {
  Device& device = some_device_with_files();
  ServerHost& host = world_.host();
  if (device.is_enrolled() && device.link() == nullptr && random_.chance(25)) {
    device.connect(world_.now(), true);
  }
  for (std::uint64_t rounds = random_.below(6); rounds > 0; --rounds) {
    const LinkPtr link = device.shared_link();
    if (!link) return;
    for (std::uint64_t messages = random_.below(8); messages > 0; --messages) {
      host.deliver(*link, world_.now());
    }
    host.work(world_.now(), random_.between(1, 6));
    host.pump(*link, random_.between(1, 20'000));
    for (std::uint64_t messages = random_.below(8); messages > 0; --messages) {
      device.deliver(world_.now());
    }
    if (random_.chance(3)) return cut_within_file();
    world_.pass(50);
  }
}

void Photos::play() {
  Device& device = some_device();
  if (!device.is_enrolled()) return;
  const std::uint64_t drawn = random_.below(100);
  if (drawn < 55) return attach(device);
  if (drawn < 65) return ask_for_original(device);
  if (drawn < 70) {
    for (const auto& each : world_.devices()) take_again(*each);
    return;
  }
  if (drawn < 74) {
    const auto policy = static_cast<clients::OriginalsPolicy>(random_.between(1, 3));
    if (!device.file_records().set_policy(policy)) device.file_write_crashed();
    return;
  }
  fault();
}

// ---- what officers do ----

Bytes Photos::a_picture(std::uint64_t least, std::uint64_t greatest) {
  Bytes bytes(random_.between(least, greatest));
  for (std::size_t at = 0; at < bytes.size(); at += 8) {
    std::uint64_t drawn = random_.next();
    for (std::size_t end = std::min(at + 8, bytes.size()), each = at; each < end; ++each) {
      bytes[each] = static_cast<std::uint8_t>(drawn);
      drawn >>= 8U;
    }
  }
  return bytes;
}

void Photos::attach(Device& device) {
  std::vector<const Officer*> officers;
  for (const Officer& officer : device.officers()) {
    if (takes_photos(officer)) officers.push_back(&officer);
  }
  if (officers.empty()) return;
  const Officer& officer = *random_.pick(officers);
  std::vector<events::DossierId> dossiers;
  for (const projections::Dossier& dossier : device.workspace().pending().dossiers().all()) {
    if (dossier.scope == officer.commune) dossiers.push_back(dossier.id);
  }
  if (dossiers.empty()) return;
  const bool is_known = !pictures_.empty() && random_.chance(35);
  if (is_known) tally_.count(Happening::file_offered_twice);
  if (!is_known && pictures_.size() < pictures_max) {
    const bool is_large = random_.chance(30);
    pictures_.push_back(a_picture(is_large ? 12'000 : 300, is_large ? 40'000 : 6'000));
  }
  const Bytes& original = is_known ? random_.pick(pictures_) : pictures_.back();
  const auto length = static_cast<std::ptrdiff_t>(std::min<std::size_t>(original.size(), 400));
  const Bytes thumbnail(original.begin(), original.begin() + length / 2);
  record(device, officer, random_.pick(dossiers), original,
         random_.chance(80) ? thumbnail : Bytes{});
}

/// The bytes are durable before the event that names them.
void Photos::record(Device& device, const Officer& officer, events::DossierId dossier,
                    const Bytes& original, const Bytes& thumbnail) {
  trace_("evidence is attached on", device.name());
  clients::acts::EvidenceFiles attached;
  attached.original = {events::sha256(original), static_cast<std::uint32_t>(original.size()),
                       events::MediaType::jpeg};
  paper_.try_emplace(attached.original.sha256, original);
  if (!device.put_file(original)) return;
  if (!thumbnail.empty()) {
    attached.thumbnail = events::ThumbnailFile{events::sha256(thumbnail),
                                               static_cast<std::uint32_t>(thumbnail.size())};
    paper_.try_emplace(attached.thumbnail->sha256, thumbnail);
    if (!device.put_file(thumbnail)) return;
  }
  const events::Day today = events::day_in_vietnam(device.clock(world_.now()));
  const clients::acts::Occasion now{officer.person, [&] {
                                      return clients::acts::Stamp{today, random_.bytes<16>()};
                                    }};
  clients::acts::Draft draft(device.workspace());
  clients::acts::attach_evidence(draft, now,
                                 {dossier,
                                  events::EvidenceKind::certificate,
                                  1,
                                  events::Day{},
                                  {"Giấy chứng nhận", "Trung tâm", "Nhà văn hóa"}},
                                 attached)
      .value();
  const auto done = device.record(draft.requests(), world_.now());
  if (done && !done->refused) tally_.count(Happening::evidence_attached);
}

/// An officer is told that a file is no longer whole, and takes the photo again.
void Photos::take_again(Device& device) {
  if (!device.is_enrolled() || device.replica().hides_privates()) return;
  const auto damaged = device.file_records().damaged();
  if (!damaged || damaged->empty()) return;
  const protocol::FileName& name = *damaged->begin();
  const projections::EvidenceFile* const row =
      device.workspace().pending().evidence_files().find(name.attached);
  if (row == nullptr || !row->original.is_named()) return;
  const auto paper = paper_.find(row->original.sha256);
  for (const Officer& officer : device.officers()) {
    if (!takes_photos(officer) || officer.commune != row->scope || paper == paper_.end()) continue;
    tally_.count(Happening::file_taken_again);
    return record(device, officer, row->dossier, Bytes(paper->second), {});
  }
}

/// A reviewer wants to see a paper itself.
void Photos::ask_for_original(Device& device) {
  std::vector<protocol::FileName> names;
  const projections::State& confirmed = device.replica().overlay().confirmed();
  for (const projections::EvidenceFile& row : confirmed.evidence_files().all()) {
    if (!device.files().files().contains(row.original.sha256)) {
      names.push_back({row.attached, FilePart::original});
    }
  }
  if (names.empty()) return;
  trace_("an original is asked for on", device.name());
  tally_.count(Happening::file_asked_for);
  if (!device.file_records().want(random_.pick(names))) device.file_write_crashed();
}

// ---- what befalls them ----

void Photos::fault() {
  Device& device = some_device_with_files();
  switch (random_.below(8)) {
    case 0:
      return wear_out(device);
    case 1:
      tally_.count(Happening::file_misread);
      return device.files().misread_next();
    case 2:
      return device.files().arm(static_cast<FileWriteCrash>(random_.between(1, 3)));
    case 3:
      return world_.host().arm(FileCrash::before_piece);
    case 4:
      return world_.host().arm(FileCrash::half_piece);
    case 5:
      return world_.host().arm(FileCrash::before_said);
    default:
      return cut_within_file();
  }
}

/// Flash wears out where it was written: of a file that the server lacks, if there is one.
void Photos::wear_out(Device& device) {
  std::vector<events::Digest> candidates;
  for (const auto& [sha256, bytes] : device.files().files()) {
    if (!world_.host().files().files().contains(sha256)) candidates.push_back(sha256);
  }
  if (candidates.empty()) return;
  trace_("a file wears out on", device.name());
  tally_.count(Happening::file_worn);
  device.files().wear_out(random_.pick(candidates));
}

void Photos::cut_within_file() {
  const auto has_piece = [](const LinkPtr& link) {
    return std::ranges::any_of(link->up, [](const Bytes& message) {
      return static_cast<protocol::FrameKind>(message.front()) == protocol::FrameKind::blob_chunk;
    });
  };
  std::vector<LinkPtr> busy;
  std::ranges::copy_if(world_.host().links(), std::back_inserter(busy), has_piece);
  if (busy.empty()) return;
  trace_("the connection is cut within a file", "");
  tally_.count(Happening::cut_within_file);
  Link& link = *random_.pick(busy);
  Link::shorten(link.up, random_);
  link.leave_device();
  for (const auto& device : world_.devices()) {
    if (device->link() == &link) device->disconnect();
  }
}

// ---- the end ----

void Photos::rest() {
  if (!play_) return;
  constexpr int meetings_max = 6;
  for (int meetings = 0; meetings < meetings_max && FileAudit(world_).is_something_out_of_place();
       ++meetings) {
    for (const auto& device : world_.devices()) device->disconnect();
    world_.settle();
  }
  FileAudit(world_).run();
  for (int lost = FileAudit(world_).said_and_lost(); lost > 0; --lost) {
    tally_.count(Happening::file_said_and_lost);
  }
}

}  // namespace sim
