-- The rows that the cost of row security is measured on: a region of boards, each with a company. Filled in: $households,
-- $boards, $workers (of each board). Ids are hashes of what a row is, so that one table knows another's.

insert into organisation (id, code, name, kind, municipality, private_landlord)
    select md5(k || n)::uuid, k || n, k || n, case k when 'board' then 'social_board' else 'housing_company' end,
    '9901', false
    from generate_series(0, $boards - 1) n, unnest(array['board', 'company']) k;

insert into unit (id, organisation_id, name)
    select md5('unit' || n)::uuid, md5('board' || n)::uuid, 'unit' from generate_series(0, $boards - 1) n;

insert into account (id, organisation_id, unit_id, username, name, role, locale)
    select md5('user' || n || '-' || w)::uuid, md5('board' || n)::uuid, md5('unit' || n)::uuid, n || '-' || w,
    'Worker', 'social_worker', 'sv'
    from generate_series(0, $boards - 1) n, generate_series(0, $workers - 1) w
    union all
    select md5('user' || n || '-company')::uuid, md5('company' || n)::uuid, null, n || '-company', 'Staff',
    'housing_staff', 'sv'
    from generate_series(0, $boards - 1) n;

insert into session (id, user_id, token_hash, started_at, seen_at, proved_at)
    select gen_random_uuid(), id, username, now(), now(), now() from account;

insert into case_ (id, board_id, unit_id, worker_id, case_number_hash, sealed, opened_at, heightened)
    select md5('case' || n)::uuid, md5('board' || n % $boards)::uuid, md5('unit' || n % $boards)::uuid,
    md5('user' || n % $boards || '-' || (n / $boards) % $workers)::uuid, int4send(n), int4send(n), now(), false
    from generate_series(0, $households - 1) n;

insert into need (id, case_id, board_id, state, opted_in, started_at, sections_done, version, couples, child_ages,
    municipalities, contracts, target_group, must, wish, risk, waiting_since, adults, ages_true_on,
    rent_max)
    select md5('need' || n)::uuid, md5('case' || n)::uuid, md5('board' || n % $boards)::uuid, 'open', true, now(), '{}',
    1, 0, '{}', '{9901}', '{}', 'violence', '{}', '{}', 'high', '2026-01-01', 1, '2026-01-01', 9000
    from generate_series(0, $households - 1) n;

insert into consent (id, need_id, company_id, purpose, field_groups, given_on, given_how, basis, language,
    interpreter, ends_on, recorded_by, recorded_at)
    select md5('consent' || n)::uuid, md5('need' || n)::uuid, md5('company' || n % $boards)::uuid, 'find_home', '{size}',
    current_date, 'written', 'consent', 'sv', false, current_date + 90,
    md5('user' || n % $boards || '-' || (n / $boards) % $workers)::uuid, now()
    from generate_series(0, $households - 1) n;

insert into agreement (id, board_id, company_id, reference, name, state, valid_from, municipality_days,
    household_days, company_days, reservation_days)
    select md5('agreement' || n)::uuid, md5('board' || n)::uuid, md5('company' || n)::uuid, 'a', 'a', 'in_force',
    '2026-01-01', 3, 5, 3, 10
    from generate_series(0, $boards - 1) n;

insert into quota_line (id, agreement_id, code, name, groups, contracts, per_month, carry_over, required,
    districts_excluded)
    select md5('line' || n)::uuid, md5('agreement' || n)::uuid, 'a', 'a', '{violence}', '{}', 1, 'none', '{}', '{}'
    from generate_series(0, $boards - 1) n;

insert into home (id, company_id, line_id, month, state, published_at, version, object_number, address, municipality,
    rooms, rent, available_from, approved, shortfalls)
    select md5('home' || n)::uuid, md5('company' || n % $boards)::uuid, md5('line' || n % $boards)::uuid, '2026-11-01',
    'published', now(), 1, n::text, 'a', '9901', 2, 7000, '2026-12-01', true, '{}'
    from generate_series(0, $households / 10) n;

insert into card (id, code, company_id, consent_id, content, written_at)
    select md5('card' || n)::uuid, n::text, md5('company' || n % $boards)::uuid, md5('consent' || n)::uuid, '{}', now()
    from generate_series(0, $households / 10) n where n < $households;

insert into placement (id, need_id, home_id, board_id, company_id, stage, proposed_at, stage_since, misfit, facts,
    card_id)
    select md5('placement' || n)::uuid, md5('need' || n)::uuid, md5('home' || n)::uuid, md5('board' || n % $boards)::uuid,
    md5('company' || n % $boards)::uuid, 'released', now(), now(), '{}', '{}', md5('card' || n)::uuid
    from generate_series(0, $households / 10) n where n < $households;
