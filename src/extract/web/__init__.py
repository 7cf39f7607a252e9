"""The review desk: a server for one folder, its pages, and what keeps strangers out.

`app.create_app` puts it together. A request passes `security` (headers, host, size), the signed session of `sessions`,
then `security` again (token, origin, form token), and comes to the routes of a module `routes_…`. Such a module is a
list `ROUTES` of Starlette routes that `app` joins; what its functions need is in `desk`:

- `desk_of(request)`: the `Desk` with `workspace` (`workspace.Workspace`: the ledger and the files of the folder,
  uploads and jobs, `open_review`, `page_picture`), the Jinja environment and the limits;
- `sessions.reviewer_of(request)`: who reviews, None until the name was given at
  `reviewer_address(following)`;
- `form_of(request)`, `json_of(request)`: what was sent; its form token was checked before;
- `render(request, "name.html", **context)`: a page that extends `desk.html`; further styles and scripts are named as
  `styles=["/assets/reading.css"]`, `scripts=["/static/name.js"]`; the variables of every page are told in `render`;
- `review_address(document_id)`: the address of a review's page; its routes are `/reviews/{document_id}…`.

Scripts send the form token, which stands in `<meta name="csrf">`, as X-CSRF-Token, and `Accept: application/json` to
get errors as `{"error": …}`. Functions that are not async run in threads; the workspace may be used from all of them.
"""
