// What a Relay app would have; relay-compiler checks it against the schema.
declare function graphql(parts: TemplateStringsArray): unknown

export const post = graphql`
  fragment relay_post on Post @refetchable(queryName: "relayPostQuery") {
    body
    likeCount
    createdBy {
      userId
      username
    }
  }
`
export const user = graphql`
  fragment relay_user on User @refetchable(queryName: "relayUserQuery") {
    username
    displayName
  }
`
export const timeline = graphql`
  fragment relay_timeline on Query
  @argumentDefinitions(
    cursor: { type: "String" }
    count: { type: "Int", defaultValue: 10 }
  )
  @refetchable(queryName: "relayTimelineQuery") {
    posts(first: $count, after: $cursor) @connection(key: "relay_timeline_posts") {
      edges {
        node {
          id
          ...relay_post
        }
      }
    }
  }
`
export const like = graphql`
  mutation relayLikeMutation($id: ID!) {
    likePost(id: $id) {
      post {
        id
        likeCount
        liked
      }
      errors {
        code
        message
      }
    }
  }
`
