/* SPDX-License-Identifier: Apache-2.0 */
/* What the reader finds, and as what. What it refuses stands in json_invalid.c. */
#include "expect.h"

/* ---- paths ---- */

static void finds_a_top_level_key(void **state)
{
    (void) state;
    expect("{'a':1}", "a", "i1");
    expect("{'b':1,'a':'x','c':null}", "a c b d", "'x' null i1 -");
    expect(" \t\r\n{ 'a' : 'x' , 'b' : [ 1 , 2 ] , 'c' : { } } \n", "a b c", "'x' [i1,i2] { }");
    expect("{}", "a", "-");
    expect("{'':1}", "a", "-");
}

static void tells_keys_apart_by_all_their_bytes(void **state)
{
    (void) state;
    expect("{'abcdefg':1,'abcdefgh':2,'abcdefghi':3,'abcdefghijklmnop':4,'abcdefghiXklmnopq':5,"
           "'abcdefghijklmnopq':6,'abcdefgXabcdefgh':7}",
           "abcdefg abcdefgh abcdefghi abcdefghijklmnop abcdefghijklmnopq", "i1 i2 i3 i4 i6");
    expect("{'abcdefghX12345678':1}", "abcdefgh912345678", "-");
    expect("{'abcdefgh 12345678':1,'abcdefgh-12345678':2}", "abcdefgh-12345678", "i2");
    expect("{'a\\u0000':1,'ab':2}", "a ab", "- i2");
    expect("{'aaaaaaaaa':1,'aaaaaaaaaaa':2,'aaaaaaaaaaaaa':3,'aaaaaaaaaaaaaaa':4,'aaaaaaa':5}",
           "aaaaaaaa aaaaaaaaaa aaaaaaaaaaaa aaaaaaaaaaaaaa aaaaaaaaaaaaaaaa", "- - - - -");
    expect("{'a':1}", "a\x01", "-");
}

static void joins_neighbouring_parts_in_every_way(void **state)
{
    (void) state;
    expect("{'a':{'b':{'c':1}}}", "a.b.c", "i1");
    expect("{'a.b':{'c':1}}", "a.b.c", "i1");
    expect("{'a':{'b.c':1}}", "a.b.c", "i1");
    expect("{'a.b.c':1}", "a.b.c", "i1");
    expect("{'a.b.c':1,'a':{'b.c':2,'b':{'c':3}},'a.b':{'c':4}}", "a.b.c", "[i1,i2,i3,i4]");
    expect("{'a.c':1,'b':1,'c':1,'a':{'c':1,'b':{'b':1}},'a.b':{'b.c':1}}", "a.b.c", "-");
    expect("{'a.b':{'c.d':{'e':1}},'a':{'b.c.d':{'e':2},'b':{'c':{'d.e':3}}}}", "a.b.c.d.e",
           "[i1,i2,i3]");
}

static void wants_a_joined_first_key_where_told_to(void **state)
{
    (void) state;
    expect("{'a':{'b':{'c':1}},'a.b':{'c':2}}", "+a.b.c", "i2");
    expect("{'a':{'b.c':1}}", "+a.b.c", "-");
    expect("{'a.b.c':1}", "+a.b.c", "i1");
    expect("{'a':1}", "+a", "-");
    /* with an ordinary path over the same nodes */
    expect("{'a':{'b':{'c':1,'d':2}},'a.b':{'c':3,'d':4},'a.b.c':5}", "+a.b.c a.b.d",
           "[i3,i5] [i2,i4]");
    expect("{'a':{'b':{'c':1}},'a.b':{'c':2}}", "a.b +a.b.c a.b.c",
           "[{\"c\":1},{\"c\":2}] i2 [i1,i2]");
}

static void fills_a_node_that_is_leaf_and_prefix(void **state)
{
    (void) state;
    expect("{'a':{'b':1}}", "a a.b", "{\"b\":1} i1");
    expect("{'a':5}", "a a.b", "i5 -");
    expect("{'a':[{'b':1},7]}", "a a.b", "[{\"b\":1},i7] [i1]");
    expect("{'a':{ 'b' : { } } }", "a.b a", "{ } { \"b\" : { } }");
}

static void gives_a_path_to_several_slots_and_several_paths_to_one(void **state)
{
    (void) state;
    expect("{'a':1,'b':2}", "a a a=2 b=3", "i1 i1 i1 i2");
    expect("{'a':1,'b':2}", "a=0 b=0 a=0", "[i1,i2] - -");
    expect("{'x':{'y':'v'},'z':null}", "z=0 x.y=0", "['v',null] -");
}

/* ---- arrays ---- */

static void gives_all_elements_of_an_array(void **state)
{
    (void) state;
    expect("{'a':[1,'x',true,null,-2.5]}", "a", "[i1,'x',true,null,d-2.5(-2.5)]");
    expect("{'a':['only']}", "a", "['only']");
    expect("{'a':[]}", "a", "[]");
    expect("{'a':[ ]}", "a a.b", "[] -");
    expect("{'a':[1,[2,[3,[]],4],[[[5]]]]}", "a", "[i1,i2,i3,i4,i5]");
    expect("{'a':[[],[[]]]}", "a", "[]");
    expect("{'a':[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17]}", "a",
           "[i1,i2,i3,i4,i5,i6,i7,i8,i9,i10,i11,i12,i13,i14,i15,i16,i17]");
}

static void goes_through_the_objects_of_an_array(void **state)
{
    (void) state;
    expect("{'a':[{'b':1},{'c':2},{'b':3}]}", "a.b", "[i1,i3]");
    expect("{'a':[{'b':1}]}", "a.b", "[i1]");
    expect("{'a':[{'c':1},5]}", "a.b", "-");
    expect("{'a':[[{'b':[1,{'c':2}]}],{'b':{'c':3}}]}", "a.b.c a.b",
           "[i2,i3] [i1,{\"c\":2},{\"c\":3}]");
    expect("{'a':[{'b':[]}]}", "a.b", "[]");
    expect("{'a':[{'b.c':1}],'a.b':[{'c':2}]}", "a.b.c", "[i1,i2]");
}

static void joins_what_several_places_give(void **state)
{
    (void) state;
    expect("{'a.b':1,'a':{'b':[2,3]}}", "a.b", "[i1,i2,i3]");
    expect("{'a':{'b':[]},'a.b':1}", "a.b", "[i1]");
    expect("{'a.b':1,'a':{'b':[]}}", "a.b", "[i1]");
    expect("{'a.b':[1,2,3,4],'a':{'b':5}}", "a.b", "[i1,i2,i3,i4,i5]");
}

/* ---- repeated keys ---- */

static void counts_the_last_of_repeated_keys(void **state)
{
    (void) state;
    expect("{'a':1,'a':2}", "a", "i2");
    expect("{'a':[1,2],'a':3}", "a", "i3");
    expect("{'a':3,'a':[1,2]}", "a", "[i1,i2]");
    expect("{'a':1,'b':2,'a':null,'c':3,'a':'z'}", "a b c", "'z' i2 i3");
    expect("{'a':1,'\\u0061':2}", "a", "i2");
    expect("{'\\u0061':1,'a':2,'x':'\\n'}", "a x", "i2 '\n'");
    expect("{'u':1,'u':2,'a':5}", "a", "i5");
}

static void forgets_what_hangs_below_a_repeated_key(void **state)
{
    (void) state;
    expect("{'a':{'b':1},'a':{'c':2}}", "a.b a.c", "- i2");
    expect("{'a':{'b':1},'a':7}", "a.b a", "- i7");
    expect("{'a':{'b':1},'a':{'b':2}}", "a.b", "i2");
    expect("{'a':[{'b':1},{'b':2,'b':3}],'c':1}", "a.b c", "[i1,i3] i1");
    expect("{'x':{'a':{'b':1,'b':2},'a':{'b':3,'b':4,'c':5}},'x.a':{'c':6,'c':7}}", "x.a.b x.a.c",
           "i4 [i5,i7]");
    expect("{'a':{'a':1,'a':2},'a':{'a':3,'b':{'b':1,'b':2}}}", "a.a a.b.b", "i3 i2");
}

static void takes_spellings_of_a_path_for_different_keys(void **state)
{
    (void) state;
    expect("{'a.b':1,'a':{'b':2},'a.b':3}", "a.b", "[i2,i3]");
}

static void does_not_mix_up_objects_that_share_keys(void **state)
{
    (void) state;
    expect("{'a':[{'b':1},{'b':2}],'c':{'b':3},'b':4}", "a.b c.b b", "[i1,i2] i3 i4");
    expect("{'a':{'b':{'c':1}},'b':{'c':2},'c':3,'a.b':{'c':4}}", "a.b.c b.c c", "[i1,i4] i2 i3");
}

/* ---- values ---- */

static void decodes_escapes(void **state)
{
    (void) state;
    expect("{'a':'\\\"\\\\\\/\\b\\f\\n\\r\\t'}", "a", "'\"\\/\b\f\n\r\t'");
    expect("{'a':'x\\u0041\\u00e9\\u20AC\\ud83d\\ude00y'}", "a",
           "'xA\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80y'");
    expect("{'a':'caf\xc3\xa9'}", "a", "'caf\xc3\xa9'");
    expect("{'\\u0061\\u002eb':'v','a':{'\\u0062':'w'}}", "a.b", "['v','w']");
    expect("{'abcdefgh\\u0069jklmnopqrst':1}", "abcdefghijklmnopqrst", "i1");
    expect("{'a':'no \\\\ escape ends it \\\\'}", "a", "'no \\ escape ends it \\'");
    expect("{'x':'\\n','a':'plain','y':'\\t','b':'\\\\'}", "a b", "'plain' '\\'");
}

static void replaces_lone_surrogates(void **state)
{
    (void) state;
    expect("{'a':'x\\ud800y'}", "a", "'x\xef\xbf\xbdy'");
    expect("{'a':'\\udc00'}", "a", "'\xef\xbf\xbd'");
    expect("{'a':'\\ud83d\\ud83d\\ude00'}", "a", "'\xef\xbf\xbd\xf0\x9f\x98\x80'");
    expect("{'a':'\\udbff\\u0041'}", "a",
           "'\xef\xbf\xbd"
           "A'");
    expect("{'a':'\\ud83d\\n'}", "a", "'\xef\xbf\xbd\n'");
    expect("{'a':'\\ud83d'}", "a", "'\xef\xbf\xbd'");
    expect("{'a':'\\ud83d\\ue000'}", "a", "'\xef\xbf\xbd\xee\x80\x80'");
    expect("{'a':'\\ud800\\udc00 \\udbff\\udfff'}", "a", "'\xf0\x90\x80\x80 \xf4\x8f\xbf\xbf'");
}

static void keeps_a_nul_that_was_escaped(void **state)
{
    (void) state;
    struct np_span record = record_make("{'a':'x\\u0000y'}", 0);
    struct np_json_plan *plan = plan_of("a");
    np_auto_arena struct np_arena arena;
    np_arena_init(&arena, TEST_MAX_BYTES);
    struct test_slots room;
    slots_init(&room, &arena);
    const char *reason = NULL;
    assert_int_equal(np_json_read(reader, plan, record, &room.slots, &reason), NP_JSON_OK);
    assert_int_equal(room.values[0].text.len, 3);
    assert_memory_equal(room.values[0].text.ptr, "x\0y", 3);
    np_json_plan_free(&plan);
    record_free(&record);
}

static void types_numbers_to_64_bits(void **state)
{
    (void) state;
    expect("{'a':0,'b':-0,'c':9223372036854775807,'d':-9223372036854775808}", "a b c d",
           "i0 i0 i9223372036854775807 i-9223372036854775808");
    expect("{'a':9223372036854775808,'b':18446744073709551615}", "a b",
           "u9223372036854775808 u18446744073709551615");
    expect("{'a':18446744073709551616,'b':-9223372036854775809}", "a b",
           "d1.8446744073709552e+19(18446744073709551616) "
           "d-9.2233720368547758e+18(-9223372036854775809)");
    expect("{'a':1.0,'b':1e2,'c':-0.5E-1,'d':1E+2,'e':0.1}", "a b c d e",
           "d1(1.0) d100(1e2) d-0.050000000000000003(-0.5E-1) d100(1E+2) "
           "d0.10000000000000001(0.1)");
    expect("{'a':1e999,'b':-1e999,'c':1e-999}", "a b c", "dinf(1e999) d-inf(-1e999) d0(1e-999)");
    expect("{'a':\t12 \r\n,'b':[ 3 ]}", "a b", "i12 [i3]");
}

static void gives_raw_bytes_of_objects(void **state)
{
    (void) state;
    expect("{'a':{ 'x' : [ 1 , { } ] , 'y':'}\\'' },'b':1}", "a b",
           "{ \"x\" : [ 1 , { } ] , \"y\":\"}\\\"\" } i1");
    expect("{'a':{}}", "a", "{}");
}

static void points_into_the_record_where_it_can(void **state)
{
    (void) state;
    struct np_span record = record_make("{'a':'plain','b':{'c':'\\t'},'d':12,'e':'behind'}", 0);
    struct np_json_plan *plan = plan_of("a b d b.c e");
    np_auto_arena struct np_arena arena;
    np_arena_init(&arena, TEST_MAX_BYTES);
    struct test_slots room;
    slots_init(&room, &arena);
    const char *reason = NULL;
    assert_int_equal(np_json_read(reader, plan, record, &room.slots, &reason), NP_JSON_OK);
    assert_ptr_equal(room.values[0].text.ptr, record.ptr + 6);
    assert_ptr_equal(room.values[1].text.ptr, strchr(record.ptr, 'b') + 3);
    assert_ptr_equal(room.values[2].text.ptr, strchr(record.ptr, '1'));
    assert_ptr_equal(room.values[4].text.ptr, strstr(record.ptr, "behind"));
    /* an object of it is a record of its own, and the first values stay as they are */
    struct np_json_plan *inner = plan_of("c=5");
    assert_int_equal(np_json_read(reader, inner, room.values[1].text, &room.slots, &reason),
                     NP_JSON_OK);
    assert_span_equal(room.values[5].text, "\t");
    assert_span_equal(room.values[3].text, "\t");
    assert_span_equal(room.values[0].text, "plain");
    assert_int_equal(room.slots.touched_len, 6);
    np_json_plan_free(&inner);
    np_json_plan_free(&plan);
    record_free(&record);
}

static void allocates_nothing_once_it_has_grown(void **state)
{
    (void) state;
    struct np_span record =
        record_make("{'a':[1,2,3,4,5,6],'b':'\\n','c':{'d':1,'d':2},'e':'x'}", 0);
    struct np_json_plan *plan = plan_of("a b c.d c e");
    np_auto_arena struct np_arena arena;
    np_arena_init(&arena, TEST_MAX_BYTES);
    size_t allocations = 0;
    for (size_t i = 0; i < 100; i++) {
        if (i == 1)
            allocations = np_alloc_count();
        struct test_slots room;
        slots_init(&room, &arena);
        const char *reason = NULL;
        assert_int_equal(np_json_read(reader, plan, record, &room.slots, &reason), NP_JSON_OK);
        np_arena_reset(&arena);
    }
    assert_int_equal(np_alloc_count(), allocations);
    np_json_plan_free(&plan);
    record_free(&record);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_a_top_level_key),
        cmocka_unit_test(tells_keys_apart_by_all_their_bytes),
        cmocka_unit_test(joins_neighbouring_parts_in_every_way),
        cmocka_unit_test(wants_a_joined_first_key_where_told_to),
        cmocka_unit_test(fills_a_node_that_is_leaf_and_prefix),
        cmocka_unit_test(gives_a_path_to_several_slots_and_several_paths_to_one),
        cmocka_unit_test(gives_all_elements_of_an_array),
        cmocka_unit_test(goes_through_the_objects_of_an_array),
        cmocka_unit_test(joins_what_several_places_give),
        cmocka_unit_test(counts_the_last_of_repeated_keys),
        cmocka_unit_test(forgets_what_hangs_below_a_repeated_key),
        cmocka_unit_test(takes_spellings_of_a_path_for_different_keys),
        cmocka_unit_test(does_not_mix_up_objects_that_share_keys),
        cmocka_unit_test(decodes_escapes),
        cmocka_unit_test(replaces_lone_surrogates),
        cmocka_unit_test(keeps_a_nul_that_was_escaped),
        cmocka_unit_test(types_numbers_to_64_bits),
        cmocka_unit_test(gives_raw_bytes_of_objects),
        cmocka_unit_test(points_into_the_record_where_it_can),
        cmocka_unit_test(allocates_nothing_once_it_has_grown),
    };
    return cmocka_run_group_tests(tests, new_reader, free_reader);
}
