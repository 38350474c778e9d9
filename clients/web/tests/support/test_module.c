// A module that speaks the contract of docs/web.md and knows no rules, for tests of what stands
// around the real one: it keeps notes under "n/" and hands frames through.

#include <emscripten.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KEPT __attribute__((used))
#define NOTES_MAX 100000

// clang-format off
EM_JS(void, kh_random, (uint8_t* at, int size), {
  crypto.getRandomValues(HEAPU8.subarray(at, at + size));
})
// clang-format on

typedef struct {
  const char* at;
  uint32_t size;
} Part;

static uint32_t reply[7];
static char json[4096];
static char* bytes;
static uint32_t bytes_size;
static char* rows;
static uint32_t rows_size;
static Part notes[NOTES_MAX];  // The text of each, in the order of their keys.
static uint32_t notes_count;
static uint32_t sent;
static int unlocked;
static uint32_t key_sum;
static int enrolled;

static uint32_t u32_at(const char* at) {
  uint32_t value;
  memcpy(&value, at, 4);
  return value;
}

static Part field(const char* input, uint32_t size, const char* name) {
  uint32_t at = 0;
  while (at < size) {
    uint16_t name_size;
    memcpy(&name_size, input + at, 2);
    const char* found = input + at + 2;
    at += 2 + name_size;
    const uint32_t value_size = u32_at(input + at);
    if (name_size == strlen(name) && memcmp(found, name, name_size) == 0) {
      return (Part){input + at + 4, value_size};
    }
    at += 4 + value_size;
  }
  return (Part){"", 0};
}

static int is(Part part, const char* text) {
  return part.size == strlen(text) && memcmp(part.at, text, part.size) == 0;
}

static void append(char** to, uint32_t* size, const void* from, uint32_t more) {
  *to = realloc(*to, *size + more + 1);
  memcpy(*to + *size, from, more);
  *size += more;
}

static void put_row(uint8_t op, const char* key, const char* value, uint32_t value_size) {
  const uint32_t key_size = strlen(key);
  append(&rows, &rows_size, &op, 1);
  append(&rows, &rows_size, &key_size, 4);
  append(&rows, &rows_size, key, key_size);
  append(&rows, &rows_size, &value_size, 4);
  append(&rows, &rows_size, value, value_size);
}

static void begin(void) {
  bytes_size = 0;
  rows_size = 0;
  reply[0] = 0;
  snprintf(json, sizeof json, "{\"notes\":%u,\"sent\":%u,\"unlocked\":%d,\"key_sum\":%u,\"enrolled\":%s,\"synced\":%s}",
           notes_count, sent, unlocked, key_sum, enrolled ? "true" : "false",
           sent == notes_count ? "true" : "false");
}

static void refuse(const char* code) {
  reply[0] = 1;
  snprintf(json, sizeof json, "{\"error\":{\"code\":\"%s\",\"text\":\"%s\",\"field\":\"text\",\"rule\":\"V01\"}}",
           code, "Chưa ghi được.");
}

static void keep_note(const char* at, uint32_t size) {
  char* copy = malloc(size + 1);
  memcpy(copy, at, size);
  notes[notes_count++] = (Part){copy, size};
}

static uint32_t* answer(void) {
  reply[1] = (uint32_t)(uintptr_t)json;
  reply[2] = strlen(json);
  reply[3] = (uint32_t)(uintptr_t)bytes;
  reply[4] = bytes_size;
  reply[5] = (uint32_t)(uintptr_t)rows;
  reply[6] = rows_size;
  return reply;
}

static void load_(const char* input, uint32_t size) {
  const Part all = field(input, size, "rows");
  uint32_t at = 0;
  while (at < all.size) {
    const uint32_t key_size = u32_at(all.at + at + 1);
    const char* key = all.at + at + 5;
    const uint32_t value_size = u32_at(key + key_size);
    const char* value = key + key_size + 4;
    if (key[0] == 'n') keep_note(value, (uint32_t)strlen(value));
    if (key[0] == 's') sent = u32_at(value);
    if (key[0] == 'e') enrolled = 1;
    at += 9 + key_size + value_size;
  }
  begin();
}

static void open_(const char* input, uint32_t size) {
  (void)input, (void)size;
  begin();
}

static void unlock_(const char* input, uint32_t size) {
  const Part master = field(input, size, "master");
  key_sum = 0;
  for (uint32_t at = 0; at < master.size; ++at) key_sum = key_sum * 31 + (uint8_t)master.at[at];
  unlocked = master.size == 32 && key_sum != 0;
  begin();
}

static void lock_(const char* input, uint32_t size) {
  (void)input, (void)size;
  unlocked = 0;
  begin();
}

// act=note text=… [pad=bytes] writes a note, a zero and so many bytes behind it; act=trap stops in the middle.
static void act_(const char* input, uint32_t size) {
  begin();
  const Part text = field(input, size, "text");
  if (is(field(input, size, "act"), "trap")) __builtin_trap();
  if (text.size == 0) return refuse("needed");
  if (is(field(input, size, "dry"), "1")) return;
  char key[32];
  snprintf(key, sizeof key, "n/%08u", notes_count + 1);
  Part pad = field(input, size, "pad");
  char number[16] = "";
  memcpy(number, pad.at, pad.size < 15 ? pad.size : 15);
  const uint32_t more = (uint32_t)atoi(number);
  char* value = calloc(text.size + more + 1, 1);
  memcpy(value, text.at, text.size);
  // Bytes that no browser packs.
  kh_random((uint8_t*)value + text.size + 1, (int)(more > 65536 ? 65536 : more));
  for (uint32_t at = 65536; at < more; ++at) value[text.size + 1 + at] = (char)(rand() >> 7);
  keep_note(value, text.size);
  put_row(1, key, value, text.size + 1 + more);
  free(value);
  snprintf(json, sizeof json, "{\"notes\":%u}", notes_count);
}

// view=notes: the texts, parted by |.
static void view_(const char* input, uint32_t size) {
  (void)input, (void)size;
  begin();
  uint32_t at = (uint32_t)snprintf(json, sizeof json, "{\"notes\":%u,\"texts\":\"", notes_count);
  for (uint32_t i = 0; i < notes_count && at < sizeof json - 200; ++i) {
    const uint32_t take = notes[i].size < 100 ? notes[i].size : 100;
    memcpy(json + at, notes[i].at, take);
    at += take;
    json[at++] = '|';
  }
  memcpy(json + at, "\"}", 3);
}

static void enrol_ask_(const char* input, uint32_t size) {
  begin();
  const Part code = field(input, size, "code");
  append(&bytes, &bytes_size, "E", 1);
  append(&bytes, &bytes_size, code.at, code.size);
}

static void enrol_answer_(const char* input, uint32_t size) {
  begin();
  if (!is(field(input, size, "frames"), "enrolled")) return refuse("enrolment_refused");
  enrolled = 1;
  begin();
  put_row(1, "e", "1", 1);
}

// Frames of this module: "G", then "P" and a number for all notes up to it; answered by "A" and it.
static void push(void) {
  char frame[32];
  snprintf(frame, sizeof frame, "P%u", notes_count);
  if (sent < notes_count) append(&bytes, &bytes_size, frame, strlen(frame));
}

static void greet_(const char* input, uint32_t size) {
  begin();
  if (is(field(input, size, "http"), "1") && sent < notes_count) return push();
  append(&bytes, &bytes_size, "G", 1);
}

static void push_(const char* input, uint32_t size) {
  (void)input, (void)size;
  begin();
  push();
}

static void frames_(const char* input, uint32_t size) {
  begin();
  const Part frames = field(input, size, "frames");
  if (frames.size > 1 && frames.at[0] == 'A') {
    char number[16] = "";
    memcpy(number, frames.at + 1, frames.size - 1);
    sent = (uint32_t)atoi(number);
    put_row(1, "s", (const char*)&sent, 4);
    begin();
    put_row(1, "s", (const char*)&sent, 4);
  }
  push();
}

static void hang_up_(const char* input, uint32_t size) {
  (void)input, (void)size;
  begin();
}

static void bundle_(const char* input, uint32_t size) {
  (void)input, (void)size;
  begin();
  append(&bytes, &bytes_size, "bundle", 6);
}

typedef struct {
  const char* name;
  void (*call)(const char* input, uint32_t size);
} Call;
static const Call calls[] = {
    {"load", load_},       {"open", open_},
    {"unlock", unlock_},   {"lock", lock_},
    {"act", act_},         {"view", view_},
    {"enrol_ask", enrol_ask_}, {"enrol_answer", enrol_answer_},
    {"greet", greet_},     {"push", push_},
    {"frames", frames_},   {"hang_up", hang_up_},
    {"bundle", bundle_},     {"sync", open_},
    {"settle", open_},
};

KEPT int kh_find(const char* name) {
  for (int i = 0; i < (int)(sizeof calls / sizeof calls[0]); ++i) {
    if (strcmp(calls[i].name, name) == 0) return i;
  }
  return -1;
}

KEPT uint32_t* kh_call(int number, const char* input, uint32_t size) {
  calls[number].call(input, size);
  return answer();
}
