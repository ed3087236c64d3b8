// A page of indicators as a Relay component has it: a connection that pages, an object that is fetched again by its id, a subscription.
import { graphql } from 'react-relay';

graphql`
  query BoardQuery($id: ID!) {
    ...Board_page
    node(id: $id) {
      id
      ...Board_named @alias
    }
  }
`;

graphql`
  fragment Board_page on Query
  @argumentDefinitions(first: { type: "Int", defaultValue: 10 }, after: { type: "String" })
  @refetchable(queryName: "BoardPageQuery") {
    indicators(first: $first, after: $after) @connection(key: "Board_indicators") {
      edges {
        node {
          id
          ...Board_named
        }
      }
    }
  }
`;

graphql`
  fragment Board_named on Indicator @refetchable(queryName: "BoardNamedQuery") {
    id
    code
    name
  }
`;

graphql`
  subscription BoardSubscription($after: Int) {
    changes(after: $after) {
      sequence
      indicator {
        ...Board_named
      }
    }
  }
`;
